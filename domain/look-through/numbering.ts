import { attributeKey, type Attributes } from './graph.ts';

/**
 * Gives instruments and sets of attributes small numbers, so that sums are array additions. One numbering may serve
 * many graphs, as long as either all of its instruments come with a number of their own or none does.
 */
export class Numbering {
  /** By number; empty text where a number has not been given out. */
  readonly instrumentIds: string[] = [];
  readonly names: string[] = [];
  readonly attributes: Attributes[] = [];
  private readonly instrumentNumber = new Map<string, number>();
  private readonly attributeNumber = new Map<string, number>();

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
    return next;
  }
}
