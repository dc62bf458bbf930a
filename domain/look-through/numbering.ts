import { attributeKey, type Attributes } from './graph.ts';
import { kindsOf } from './kinds.ts';

/** Room to add up in by instrument, used again and again: all zero before and after. */
export type Room = {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly seen: Uint8Array;
  /** Which instruments were touched. */
  readonly touched: Uint32Array;
};

/**
 * Gives instruments and sets of attributes small numbers, so that sums are array additions. One numbering may serve
 * many graphs, as long as either all of its instruments come with a number of their own or none does.
 */
export class Numbering {
  /** By number; empty text where a number has not been given out. */
  readonly instrumentIds: string[] = [];
  readonly names: string[] = [];
  readonly attributes: Attributes[] = [];
  /** What each set of attributes counts as, in bits. */
  readonly kinds: number[] = [];
  private readonly instrumentNumber = new Map<string, number>();
  private readonly attributeNumber = new Map<string, number>();
  private kept: Room | null = null;

  /**
   * The number of an instrument.
   * @param no its number in the register of instruments: it keeps that one, and the name is the register's own
   */
  instrument(id: string, name: string, no?: number): number {
    const before = this.instrumentNumber.get(id);
    if (before === undefined) {
      const number = no ?? this.instrumentIds.length;
      while (this.instrumentIds.length <= number) {
        this.instrumentIds.push('');
        this.names.push('');
      }
      this.instrumentIds[number] = id;
      this.names[number] = name;
      this.instrumentNumber.set(id, number);
      return number;
    }
    const present = this.names[before] ?? '';
    // Issuers spell one company in several ways; the least in order is the same whatever came first.
    if (no !== undefined || (name !== '' && (present === '' || name < present))) this.names[before] = name;
    return before;
  }

  /** The number of an instrument that has one. */
  numberOf(id: string): number | undefined {
    return this.instrumentNumber.get(id);
  }

  attribute(one: Attributes): number {
    const key = attributeKey(one);
    const before = this.attributeNumber.get(key);
    if (before !== undefined) return before;
    const next = this.attributes.push(one) - 1;
    this.attributeNumber.set(key, next);
    this.kinds.push(kindsOf(one));
    return next;
  }

  /** Room for every instrument. Whoever uses it leaves zeros behind, before anybody else can. */
  room(): Room {
    const size = this.instrumentIds.length;
    if (this.kept === null || this.kept.seen.length < size) {
      // Some to spare: instruments are added one by one.
      const length = Math.ceil(size * 1.25);
      this.kept = {
        first: new Float64Array(length),
        second: new Float64Array(length),
        seen: new Uint8Array(length),
        touched: new Uint32Array(length),
      };
    }
    return this.kept;
  }
}
