import {
  attributeKey,
  type Attributes,
  type Basis,
  type FundVersion,
  type GraphInstrument,
  type LookThroughGraph,
} from './graph.ts';
import { weightsOn, type WeightProblem } from './weights.ts';

/** Levels of funds in funds that are followed. The deepest real one has four. */
export const MAX_DEPTH = 64;
/**
 * Closures that hold for one way in only (inside circles, and beyond the depth) that are computed before the rest is
 * given up as not looked through: entangled circles have more ways than could ever be walked.
 */
const MAX_UNREMEMBERED = 2_000;

/** Why a part was not looked through. */
export type BlockReason = 'no_constituents' | 'cycle' | 'depth';

/** A fund inside that counts as itself. */
export type Blocked = {
  readonly instrumentId: string;
  readonly name: string;
  readonly pct: number;
  readonly reason: BlockReason;
  /** Funds on the way to it, outermost first. */
  readonly via: readonly string[];
};

/** Parts of a fund as parallel columns: instrument, attributes, and per cent of the fund. */
export type Leaves = {
  readonly instrument: Uint32Array;
  readonly attribute: Uint32Array;
  readonly pct: Float64Array;
};

/**
 * All that a fund holds, through every fund inside it: computed once for a version of the fund and of those inside,
 * then only scaled and added.
 */
export type Closure = {
  readonly fundId: string;
  readonly version: FundVersion;
  /** Everything at the bottom, one entry for an instrument and attributes. */
  readonly leaves: Leaves;
  /** What stands in the fund's own rows and is not looked through further: for showing paths. */
  readonly own: Leaves;
  readonly nested: ReadonlyArray<{ readonly closure: Closure; readonly pct: number }>;
  readonly blocked: readonly Blocked[];
  /** Per cent of this fund that passes through each fund inside it, itself (100) included. */
  readonly reach: ReadonlyMap<string, number>;
  readonly sumPct: number;
  /** Per cent that was followed to the bottom. */
  readonly coveragePct: number;
  readonly problems: ReadonlyMap<string, WeightProblem>;
};

const UNKNOWN_ATTRIBUTES: Attributes = {
  sector: null,
  country: null,
  currency: null,
  assetClass: null,
  kind: 'security',
};

/** Gives instruments and attribute sets small numbers, so that sums are array additions. */
export class Numbering {
  readonly instrumentIds: string[] = [];
  readonly names: string[] = [];
  readonly attributes: Attributes[] = [];
  private readonly instrumentNumber = new Map<string, number>();
  private readonly attributeNumber = new Map<string, number>();

  instrument(id: string, name: string): number {
    const before = this.instrumentNumber.get(id);
    if (before === undefined) {
      const next = this.instrumentIds.push(id) - 1;
      this.names.push(name);
      this.instrumentNumber.set(id, next);
      return next;
    }
    // Issuers spell one company in several ways; the least in order is the same whatever came first.
    const present = this.names[before] ?? '';
    if (name !== '' && (present === '' || name < present)) this.names[before] = name;
    return before;
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

const known = (row: string | null, own: string | null): string | null =>
  row === null || row === 'Unclassified' ? own : row;

/**
 * A row's attributes; what its issuer leaves open is filled from the instrument's own. Not for a fund: where it is at
 * home and in which currency it trades says nothing of what it holds.
 */
const attributesOf = (row: Attributes, instrument: GraphInstrument | undefined): Attributes => {
  if (instrument === undefined) return row;
  const kind = row.kind === 'security' ? instrument.kind : row.kind;
  const assetClass = known(row.assetClass, instrument.assetClass);
  if (instrument.kind === 'fund') return { ...row, assetClass, kind };
  return {
    sector: known(row.sector, instrument.sector),
    country: known(row.country, instrument.country),
    currency: known(row.currency, instrument.currency),
    assetClass,
    kind,
  };
};

/** Adds parts up by instrument and attributes. */
class LeafSum {
  private readonly byKey = new Map<number, number>();
  private readonly instrument: number[] = [];
  private readonly attribute: number[] = [];
  private readonly pct: number[] = [];

  add(instrument: number, attribute: number, pct: number): void {
    const key = instrument * 2 ** 20 + attribute;
    const at = this.byKey.get(key);
    if (at === undefined) {
      this.byKey.set(key, this.pct.push(pct) - 1);
      this.instrument.push(instrument);
      this.attribute.push(attribute);
    } else this.pct[at] = (this.pct[at] ?? 0) + pct;
  }

  leaves(): Leaves {
    return {
      instrument: Uint32Array.from(this.instrument),
      attribute: Uint32Array.from(this.attribute),
      pct: Float64Array.from(this.pct),
    };
  }
}

type Walk = { readonly stack: readonly string[]; readonly depthOf: ReadonlyMap<string, number> };

/** A closure with the outermost fund on the way in at which it had to stop; such a one is true for this way only. */
type Built = { readonly closure: Closure; readonly cutAt: number };

const NEVER_CUT = Number.POSITIVE_INFINITY;

/**
 * Computes closures over one graph on one basis and remembers them. A circle is followed until a fund comes back; the
 * part that comes back counts as that fund itself and is reported.
 */
export class Closures {
  readonly numbering = new Numbering();
  readonly graph: LookThroughGraph;
  readonly basis: Basis;
  private readonly done = new Map<string, Closure>();
  private unremembered = 0;

  constructor(graph: LookThroughGraph, basis: Basis) {
    this.graph = graph;
    this.basis = basis;
  }

  /** The closure of a fund, or null for an instrument without constituents. */
  of(fundId: string): Closure | null {
    const version = this.graph.funds.get(fundId);
    return version === undefined
      ? null
      : this.build(fundId, version, { stack: [], depthOf: new Map() }).closure;
  }

  /** Number and attributes of an instrument that is held directly. */
  direct(instrumentId: string): { readonly instrument: number; readonly attribute: number } {
    const own = this.graph.instruments.get(instrumentId);
    const attributes =
      own === undefined ? UNKNOWN_ATTRIBUTES : attributesOf({ ...UNKNOWN_ATTRIBUTES, kind: own.kind }, own);
    return {
      instrument: this.numbering.instrument(instrumentId, own?.name ?? ''),
      attribute: this.numbering.attribute(attributes),
    };
  }

  /** The remembered closure of a fund, where it holds nothing that stands on the way to it: that would be a circle. */
  private remembered(fundId: string, walk: Walk): Closure | null {
    const closure = this.done.get(fundId);
    return closure === undefined || walk.stack.some((id) => closure.reach.has(id)) ? null : closure;
  }

  private build(fundId: string, version: FundVersion, walk: Walk): Built {
    const before = this.remembered(fundId, walk);
    if (before !== null) return { closure: before, cutAt: NEVER_CUT };
    const depth = walk.stack.length;
    const inside: Walk = {
      stack: [...walk.stack, fundId],
      depthOf: new Map([...walk.depthOf, [fundId, depth]]),
    };
    const { closure, cutAt } = new ClosureBuilder(this, fundId, version).run((childId) =>
      this.enter(childId, inside),
    );
    // What was cut at an ancestor is true for this way in only; what was cut inside is true for every way.
    if (cutAt < depth) {
      this.unremembered += 1;
      return { closure, cutAt };
    }
    this.done.set(fundId, closure);
    return { closure, cutAt: NEVER_CUT };
  }

  /** Looks into a fund inside another, or says why not. Null: it is no fund with constituents. */
  private enter(childId: string, walk: Walk): Entered {
    const version = this.graph.funds.get(childId);
    if (version === undefined) return null;
    const ancestor = walk.depthOf.get(childId);
    if (ancestor !== undefined) return { reason: 'cycle', cutAt: ancestor };
    const tooFar = walk.stack.length >= MAX_DEPTH || this.unremembered > MAX_UNREMEMBERED;
    if (tooFar && this.remembered(childId, walk) === null) return { reason: 'depth', cutAt: 0 };
    return { ...this.build(childId, version, walk), reason: null };
  }
}

/** What looking into a row gave: a closure, a reason why not, or null for a row that is no fund. */
type Entered =
  | { readonly reason: null; readonly closure: Closure; readonly cutAt: number }
  | { readonly reason: BlockReason; readonly cutAt: number }
  | null;

/** Builds one closure: own rows as they are, funds inside by their closures. */
class ClosureBuilder {
  private readonly closures: Closures;
  private readonly fundId: string;
  private readonly version: FundVersion;
  private readonly all = new LeafSum();
  private readonly own = new LeafSum();
  private readonly nested: Array<{ closure: Closure; pct: number }> = [];
  private readonly blocked: Blocked[] = [];
  private readonly reach: Map<string, number>;
  private readonly problems = new Map<string, WeightProblem>();
  private sumPct = 0;
  private blockedPct = 0;
  private cutAt = NEVER_CUT;

  constructor(closures: Closures, fundId: string, version: FundVersion) {
    this.closures = closures;
    this.fundId = fundId;
    this.version = version;
    this.reach = new Map([[fundId, 100]]);
  }

  run(enter: (childId: string) => Entered): Built {
    const weights = weightsOn(this.version, this.closures.basis);
    if (weights.problem !== null) this.problems.set(this.fundId, weights.problem);
    for (const [row, childId] of this.version.childId.entries()) {
      this.addRow(row, childId, weights.pct[row] ?? 0, enter(childId));
    }
    const closure: Closure = {
      fundId: this.fundId,
      version: this.version,
      leaves: this.all.leaves(),
      own: this.own.leaves(),
      nested: this.nested,
      blocked: this.blocked,
      reach: this.reach,
      sumPct: this.sumPct,
      coveragePct: this.sumPct - this.blockedPct,
      problems: this.problems,
    };
    return { closure, cutAt: this.cutAt };
  }

  private addRow(row: number, childId: string, pct: number, entered: Entered): void {
    if (entered !== null && entered.reason === null) {
      this.cutAt = Math.min(this.cutAt, entered.cutAt);
      this.addNested(entered.closure, pct);
      return;
    }
    const { graph, numbering } = this.closures;
    const instrument = graph.instruments.get(childId);
    const published = this.version.attributes[this.version.attribute[row] ?? 0] ?? UNKNOWN_ATTRIBUTES;
    const attributes = attributesOf(published, instrument);
    const number = numbering.instrument(childId, instrument?.name ?? this.version.name[row] ?? '');
    const attribute = numbering.attribute(attributes);
    this.all.add(number, attribute, pct);
    this.own.add(number, attribute, pct);
    this.sumPct += pct;
    const reason = entered?.reason ?? (isOpaqueFund(attributes) ? 'no_constituents' : null);
    if (entered !== null) this.cutAt = Math.min(this.cutAt, entered.cutAt);
    if (reason === null) return;
    this.blockedPct += pct;
    const name = instrument?.name ?? this.version.name[row] ?? '';
    this.blocked.push({ instrumentId: childId, name, pct, reason, via: [this.fundId] });
  }

  private addNested(closure: Closure, pct: number): void {
    const { instrument, attribute, pct: inside } = closure.leaves;
    for (let i = 0; i < inside.length; i += 1) {
      this.all.add(instrument[i] ?? 0, attribute[i] ?? 0, (pct * (inside[i] ?? 0)) / 100);
    }
    this.nested.push({ closure, pct });
    this.sumPct += (pct * closure.sumPct) / 100;
    this.blockedPct += (pct * (closure.sumPct - closure.coveragePct)) / 100;
    for (const one of closure.blocked) {
      this.blocked.push({ ...one, pct: (pct * one.pct) / 100, via: [this.fundId, ...one.via] });
    }
    for (const [fundId, share] of closure.reach) {
      this.reach.set(fundId, (this.reach.get(fundId) ?? 0) + (pct * share) / 100);
    }
    for (const [fundId, problem] of closure.problems) this.problems.set(fundId, problem);
  }
}

/** A fund whose constituents are not known. A money market fund is money, not something to look into. */
export const isOpaqueFund = (attributes: Attributes): boolean =>
  attributes.kind === 'fund' && attributes.assetClass !== 'Cash';

/** Closures given by the caller where they are of this graph and basis, else new ones. */
export const closuresFor = (graph: LookThroughGraph, basis: Basis, given: Closures | undefined): Closures => {
  if (given === undefined) return new Closures(graph, basis);
  if (given.graph !== graph || given.basis !== basis) {
    throw new RangeError('The closures are of another graph or basis');
  }
  return given;
};
