/** Takes the place of `src/connectors/http/guarded-call.ts`: the call and its answer, without cache, hours, breaker, queue and retries. */
import { callHttp, type HeaderLines } from '../../../src/connectors/http/call.ts';
import type { GuardedContext, ReadAnswer } from '../../../src/connectors/http/guarded-call.ts';
import type { LegacyMessage } from '../../../src/model/legacy.ts';

const NONE: HeaderLines = [];

export async function callGuarded<T>(message: LegacyMessage, context: GuardedContext, read: ReadAnswer<T>): Promise<T> {
  const { guards, limits, heardAt, answered } = context;
  const { endpoint, url, platform } = guards;
  const deadline = heardAt + limits.timeBudgetMs;
  const call = await callHttp(message, {
    endpoint,
    url,
    platform,
    credentials: NONE,
    limits,
    deadline,
    keepBytes: 0,
  });
  answered(call);
  try {
    return await read(call);
  } finally {
    await call.end();
  }
}
