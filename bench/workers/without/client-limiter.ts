/** Takes the place of `src/access/client-limiter.ts`: no client is limited. */
import type { ClientLimiter as Shipped } from '../../../src/access/client-limiter.ts';

export class ClientLimiter implements Pick<Shipped, keyof Shipped> {
  enter(): () => void {
    return () => {};
  }
}
