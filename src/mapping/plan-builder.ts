import type { RecordPlan, SlotPlan } from '../model/source.ts';

/** Gathers the slots of one record while its fields are compiled. Fields at the same position share a slot. */
export class PlanBuilder implements RecordPlan {
  readonly slots: SlotPlan[] = [];
  /** The slots that fields have asked for, in their order: one at a position that was asked for before is there again. */
  readonly asked: number[] = [];
  readonly #texts = new Map<string, number>();

  /** A slot for one text. */
  text(at: readonly string[]): number {
    const key = at.join('\n');
    const known = this.#texts.get(key);
    if (known === undefined) {
      this.#texts.set(key, this.slots.length);
      return this.#add({ at, repeats: false });
    }
    this.asked.push(known);
    return known;
  }

  /** A slot for texts that repeat. */
  texts(at: string): number {
    return this.#add({ at: [at], repeats: true });
  }

  /** A slot for a record, or for records. */
  record(at: string, record: RecordPlan, repeats: boolean): number {
    return this.#add({ at: [at], record, repeats });
  }

  /** The slot at a position, whatever it holds. */
  find(at: string): number | undefined {
    const index = this.slots.findIndex((slot) => slot.at.length === 1 && slot.at[0] === at);
    return index === -1 ? undefined : index;
  }

  #add(slot: SlotPlan): number {
    this.asked.push(this.slots.length);
    this.slots.push(slot);
    return this.slots.length - 1;
  }
}

/** `Phones` and `Phone` are `Phones/Phone`; `.` adds nothing. */
export function joinPositions(outer: string, inner: string | undefined): string {
  if (inner === undefined || inner === '.') return outer;
  return outer === '.' ? inner : `${outer}/${inner}`;
}
