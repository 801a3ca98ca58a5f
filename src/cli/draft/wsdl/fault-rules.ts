import type { ProblemRule } from '../../../model/definition.ts';
import { wordsOf } from './names.ts';
import type { Notes } from './notes.ts';
import type { FaultUse } from './wsdl-operations.ts';

/** Words in a fault's name and the status that they speak for, in this order. */
const STATUSES: readonly (readonly [words: RegExp, status: number])[] = [
  [/\b(?:not (?:found|exists?|existing)|unknown|no such|missing)\b/, 404],
  [/\b(?:already|duplicate|duplicated|conflict|exists?)\b/, 409],
  [/\b(?:invalid|validation|bad|illegal|malformed|format|argument|parameter|input|wrong|incorrect)\b/, 400],
  [/\b(?:denied|forbidden|permission|unauthori[sz]ed|authori[sz]ation|access|privilege)\b/, 403],
  [/\b(?:busy|unavailable|timeout|maintenance|overload|overloaded|limit|quota)\b/, 503],
];

/** What a fault is where its name says nothing: a failure of the legacy system, as it would be without a rule. */
const UNKNOWN_STATUS = 502;

/** A problem rule for each declared fault; every status is a guess, so it is asked. */
export function faultRules(faults: readonly FaultUse[], place: string, notes: Notes): readonly ProblemRule[] {
  const names = [...new Set(faults.map(({ element }) => element))];
  return names.map((fault, index) => {
    const words = wordsOf(fault).join(' ');
    const status = STATUSES.find(([pattern]) => pattern.test(words))?.[1] ?? UNKNOWN_STATUS;
    notes.ask(
      `${place}.problems.${index}`,
      `Which HTTP status tells a consumer best what the fault ${fault} means?`,
      `${status}`,
      status === UNKNOWN_STATUS ? 'its name says nothing of whose mistake it is' : `its name: ${words}`,
    );
    return { fault, status };
  });
}
