import { DocumentError, SpeanError } from '../../model/errors.ts';
import type { Place } from '../../model/place.ts';
import type { Cell, RowTest, SourceRecord } from '../../model/source.ts';
import { type CellMatcher, cellMatcher } from './cell-matcher.ts';
import { HeldBack } from './held-back.ts';
import type { RowCharset } from './row-charset.ts';

/** A test that the bytes of one slot's cell decide. */
export interface ByteTest {
  readonly slot: number;
  readonly matches: CellMatcher;
  /** For a cell whose bytes are not its text. */
  readonly text: string;
}

/** The tests that can be decided on bytes, before a row is decoded. */
export function byteTests(tests: readonly RowTest[], charset: RowCharset): ByteTest[] {
  return tests.flatMap(({ slot, equals }) =>
    equals === undefined ? [] : [{ slot, text: equals, matches: cellMatcher(equals, charset) }],
  );
}

/** What a reader makes of one row: a record, a refusal, or undefined for a row that is not wanted. */
export type RowOutcome = SourceRecord | DocumentError | undefined;

/**
 * The last steps of every row: a footer is held back, a bad row refuses the document or is set aside and counted, and
 * the tests that need a decoded text are made. In this order, as a footer need be no row at all.
 */
export class RowFilter {
  setAside = 0;
  readonly #footer: HeldBack<RowOutcome>;
  readonly #setsAside: boolean;
  readonly #tests: readonly (RowTest & { readonly place: (offset: number) => Place })[];

  constructor(
    policy: { readonly footerRows: number; readonly setAside: boolean },
    tests: readonly RowTest[],
    place: (offset: number, slot: number) => Place,
  ) {
    this.#footer = new HeldBack(policy.footerRows);
    this.#setsAside = policy.setAside;
    this.#tests = tests
      .filter(({ equals }) => equals === undefined)
      .map((test) => ({ ...test, place: (offset) => place(offset, test.slot) }));
  }

  /** The row that is wanted now: this one, or one that a footer's length earlier. Throws what a bad row was refused for. */
  pass(outcome: RowOutcome): SourceRecord | undefined {
    const settled = this.#footer.pass(outcome);
    if (settled instanceof DocumentError) return this.#refuse(settled);
    if (settled === undefined) return undefined;
    try {
      for (const { slot, accepts, place } of this.#tests) {
        if (!accepts(settled.slots[slot] as Cell, place)) return undefined;
      }
    } catch (error) {
      return this.#refuse(error);
    }
    return settled;
  }

  #refuse(refusal: unknown): undefined {
    const isOfTheRow = refusal instanceof DocumentError || refusal instanceof SpeanError;
    if (!this.#setsAside || !isOfTheRow) throw refusal;
    this.setAside++;
  }
}
