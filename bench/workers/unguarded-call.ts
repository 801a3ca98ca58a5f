import { callHttp } from '../../src/connectors/http/call.ts';
import type { GuardedContext, ReadAnswer } from '../../src/connectors/http/guarded-call.ts';
import type { LegacyMessage } from '../../src/model/legacy.ts';

/** Stands in for `src/connectors/http/guarded-call.ts` where its cost is measured: one call, nothing around it. */
export async function callGuarded<T>(message: LegacyMessage, context: GuardedContext, read: ReadAnswer<T>): Promise<T> {
  const { guards, limits, heardAt, answered } = context;
  const deadline = heardAt + limits.timeBudgetMs;
  const call = await callHttp(message, { ...guards, credentials: [], limits, deadline, keepBytes: 0 });
  answered(call);
  return read(call);
}
