import { columnsOf, isOpaqueFund, isInColumns, UNKNOWN_ATTRIBUTES, withOwn } from './columns.ts';
import type { Basis, FundColumns, FundHeader, LookThroughGraph } from './graph.ts';
import { digestOf, type Digest } from './digest.ts';
import { leavesWithout, sumOfLeaves, type Leaves } from './leaves.ts';
import { Numbering } from './numbering.ts';
import { weightsOn, type WeightProblem } from './weights.ts';

export { isOpaqueFund };

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

/**
 * All that a fund holds, through every fund inside it: computed once for a version of the fund and of those inside,
 * then only scaled and added.
 */
export type Closure = {
  readonly fundId: string;
  readonly version: FundHeader;
  /** Everything at the bottom, one entry for an instrument and attributes. */
  readonly leaves: Leaves;
  /** The same, added up. */
  readonly digest: Digest;
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

type Walk = { readonly stack: readonly string[]; readonly depthOf: ReadonlyMap<string, number> };

/** A closure with the outermost fund on the way in at which it had to stop; such a one is true for this way only. */
type Built = { readonly closure: Closure; readonly cutAt: number };

const NEVER_CUT = Number.POSITIVE_INFINITY;

/**
 * Computes closures over one graph on one basis and remembers them. A circle is followed until a fund comes back; the
 * part that comes back counts as that fund itself and is reported.
 */
export class Closures {
  readonly numbering: Numbering;
  readonly graph: LookThroughGraph;
  readonly basis: Basis;
  private readonly done: Map<string, Closure>;
  private readonly columns = new Map<string, FundColumns>();
  private unremembered = 0;

  /**
   * @param given a numbering that serves more than this graph, and closures that are known already: of the same
   *   numbering, basis and contents
   */
  constructor(
    graph: LookThroughGraph,
    basis: Basis,
    given: { readonly numbering?: Numbering; readonly known?: ReadonlyMap<string, Closure> } = {},
  ) {
    this.graph = graph;
    this.basis = basis;
    this.numbering = given.numbering ?? new Numbering();
    this.done = new Map(given.known ?? []);
  }

  /** The closure of a fund, or null for an instrument without constituents. */
  of(fundId: string): Closure | null {
    const known = this.done.get(fundId);
    if (known !== undefined) return known;
    return this.hasContents(fundId) ? this.build(fundId, { stack: [], depthOf: new Map() }).closure : null;
  }

  /** These, and what others know that these do not. @throws {RangeError} for others of another basis or numbering */
  joinedBy(others: readonly Closures[]): Closures {
    if (others.length === 0) return this;
    if (others.some((one) => one.basis !== this.basis || one.numbering !== this.numbering)) {
      throw new RangeError('The closures are of another basis or numbering');
    }
    // The first to say something is right: what comes later is overwritten.
    const all = [this, ...others].toReversed();
    const graph = {
      funds: new Map(all.flatMap((one) => [...one.graph.funds])),
      instruments: new Map(all.flatMap((one) => [...one.graph.instruments])),
    };
    const known = new Map(all.flatMap((one) => [...one.done]));
    return new Closures(graph, this.basis, { numbering: this.numbering, known });
  }

  /** False when circles were too entangled to be walked: what was given up depends on what was asked before. */
  get isComplete(): boolean {
    return this.unremembered <= MAX_UNREMEMBERED;
  }

  /** Number and attributes of an instrument that is held directly. */
  direct(instrumentId: string): { readonly instrument: number; readonly attribute: number } {
    const own = this.graph.instruments.get(instrumentId);
    const attributes =
      own === undefined ? UNKNOWN_ATTRIBUTES : withOwn({ ...UNKNOWN_ATTRIBUTES, kind: own.kind }, own);
    return {
      instrument: this.numbering.instrument(instrumentId, own?.name ?? '', own?.no),
      attribute: this.numbering.attribute(attributes),
    };
  }

  private hasContents(fundId: string): boolean {
    return this.graph.funds.has(fundId) || this.done.has(fundId);
  }

  private columnsOf(fundId: string): FundColumns {
    const before = this.columns.get(fundId);
    if (before !== undefined) return before;
    const contents = this.graph.funds.get(fundId);
    if (contents === undefined) throw new RangeError('A known closure in a circle needs its contents');
    const columns = isInColumns(contents) ? contents : columnsOf(contents, this.graph, this.numbering);
    this.columns.set(fundId, columns);
    return columns;
  }

  /** The remembered closure of a fund, where it holds nothing that stands on the way to it: that would be a circle. */
  private remembered(fundId: string, walk: Walk): Closure | null {
    const closure = this.done.get(fundId);
    return closure === undefined || walk.stack.some((id) => closure.reach.has(id)) ? null : closure;
  }

  private build(fundId: string, walk: Walk): Built {
    const before = this.remembered(fundId, walk);
    if (before !== null) return { closure: before, cutAt: NEVER_CUT };
    const depth = walk.stack.length;
    const inside: Walk = {
      stack: [...walk.stack, fundId],
      depthOf: new Map([...walk.depthOf, [fundId, depth]]),
    };
    const { closure, cutAt } = new ClosureBuilder(this, fundId, this.columnsOf(fundId)).run((childId) =>
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
    if (!this.hasContents(childId)) return null;
    const ancestor = walk.depthOf.get(childId);
    if (ancestor !== undefined) return { reason: 'cycle', cutAt: ancestor };
    const tooFar = walk.stack.length >= MAX_DEPTH || this.unremembered > MAX_UNREMEMBERED;
    if (tooFar && this.remembered(childId, walk) === null) return { reason: 'depth', cutAt: 0 };
    return { ...this.build(childId, walk), reason: null };
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
  private readonly columns: FundColumns;
  private readonly nested: Array<{ closure: Closure; pct: number }> = [];
  private readonly blocked: Blocked[] = [];
  private readonly reach: Map<string, number>;
  private readonly problems = new Map<string, WeightProblem>();
  private sumPct = 0;
  private blockedPct = 0;
  private cutAt = NEVER_CUT;

  constructor(closures: Closures, fundId: string, columns: FundColumns) {
    this.closures = closures;
    this.fundId = fundId;
    this.columns = columns;
    this.reach = new Map([[fundId, 100]]);
  }

  run(enter: (childId: string) => Entered): Built {
    const { instrument, attribute, funds, importId, asOf, weightSumPct, treatedAs } = this.columns;
    const weights = weightsOn(this.columns, this.closures.basis);
    if (weights.problem !== null) this.problems.set(this.fundId, weights.problem);
    const followed = new Set<number>();
    for (const { row, instrumentId, name } of funds) {
      const entered = enter(instrumentId);
      if (entered !== null) this.cutAt = Math.min(this.cutAt, entered.cutAt);
      const pct = weights.pct[row] ?? 0;
      if (entered !== null && entered.reason === null) {
        followed.add(row);
        this.addNested(entered.closure, pct);
      } else this.block(row, { instrumentId, name, pct }, entered?.reason ?? null);
    }
    const rows: Leaves = { instrument, attribute, pct: weights.pct };
    const own = followed.size === 0 ? rows : leavesWithout(rows, followed);
    this.sumPct += own.pct.reduce((sum, pct) => sum + pct, 0);
    const parts = this.nested.map(({ closure, pct }) => ({ leaves: closure.leaves, pct }));
    const leaves = parts.length === 0 ? own : sumOfLeaves([{ leaves: own, pct: 100 }, ...parts]);
    const closure: Closure = {
      fundId: this.fundId,
      version: { importId, asOf, weightSumPct, ...(treatedAs !== undefined && { treatedAs }) },
      leaves,
      digest: digestOf(leaves, this.closures.numbering),
      own,
      nested: this.nested,
      blocked: this.blocked,
      reach: this.reach,
      sumPct: this.sumPct,
      coveragePct: this.sumPct - this.blockedPct,
      problems: this.problems,
    };
    return { closure, cutAt: this.cutAt };
  }

  /** Notes a row that counts as itself although it is a fund. */
  private block(
    row: number,
    fund: { readonly instrumentId: string; readonly name: string; readonly pct: number },
    why: BlockReason | null,
  ): void {
    const attributes = this.closures.numbering.attributes[this.columns.attribute[row] ?? 0];
    const isOpaque = attributes !== undefined && isOpaqueFund(attributes);
    const reason = why ?? (isOpaque ? 'no_constituents' : null);
    if (reason === null) return;
    this.blockedPct += fund.pct;
    this.blocked.push({ ...fund, reason, via: [this.fundId] });
  }

  private addNested(closure: Closure, pct: number): void {
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

/** Closures given by the caller where they are of this graph and basis, else new ones. */
export const closuresFor = (graph: LookThroughGraph, basis: Basis, given: Closures | undefined): Closures => {
  if (given === undefined) return new Closures(graph, basis);
  if (given.graph !== graph || given.basis !== basis) {
    throw new RangeError('The closures are of another graph or basis');
  }
  return given;
};
