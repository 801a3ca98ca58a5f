import type { Reference } from '../../model/definition.ts';
import type { LegacyReply } from '../../model/legacy.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import type { Platform } from '../../model/platform.ts';
import type { HeaderLines, LiveCall } from './call.ts';

/** How the adapter shows itself to one legacy endpoint. */
export interface Credentials {
  /**
   * What to send with a call; a promise only where it has to be fetched. Throws SpeanError
   * `legacy-credentials-refused`, also where whoever gives them out does not answer.
   */
  present(context: PresentContext): HeaderLines | Promise<HeaderLines>;
  /** What an answer says of what was presented with it; `faultNames` are those in the fault that it turned out to be. */
  judge(answer: JudgedAnswer, faultNames: readonly string[]): Verdict;
  /** Forgets what was presented, so that it is fetched anew; what has been fetched since stays. */
  forget(presented: HeaderLines): void;
}

export interface PresentContext {
  /** When the call ends at the latest, milliseconds since the epoch. */
  readonly deadline: number;
  readonly limits: Pick<AdapterLimits, 'credentialsMs' | 'credentialsBytes'>;
}

export type JudgedAnswer = Pick<LiveCall, 'isRedirect' | 'headers'> & {
  readonly reply: Pick<LegacyReply, 'status' | 'contentType'>;
};

/**
 * `refused`: it is good no more, and the answer is that and nothing else. `doubtful`: it seems to be good no more, and
 * whether the call did something is not known.
 */
export type Verdict = 'taken' | 'refused' | 'doubtful';

export interface CredentialsParts {
  /** The endpoint's URL. */
  readonly url: string;
  readonly platform: Platform;
  readonly resolve: (reference: Reference) => string;
}
