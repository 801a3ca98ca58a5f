/** Takes the place of `src/access/client-limiter.ts`: no client is limited. */
export class ClientLimiter {
  enter(): () => void {
    return () => {};
  }
}
