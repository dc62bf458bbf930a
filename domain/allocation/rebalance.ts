/**
 * What to buy and sell to come back to target, as amounts: arithmetic on the targets that a person set.
 *
 * Contents: RebalanceRequest · Rebalance · rebalance
 */
import { Decimal, roundAmount, ZERO } from '@pm/domain/money';
import { entryOf } from '@pm/domain/portfolios';

import { sumOf, targetIn } from './allocation.ts';
import type { AllocatedHolding, Plan } from './allocation.ts';
import { createFlow } from './flow.ts';
import { goalsOf } from './goals.ts';
import type { Candidate, Goal, Goals } from './goals.ts';

export type RebalanceRequest = {
  /** New money (> 0) or money to take out (< 0), in the portfolio's currency. */
  readonly cash: Decimal;
  /** `buyOnly` spends the new money and sells nothing. */
  readonly mode: 'buyOnly' | 'buyAndSell';
  /** The account that the money comes into or leaves; null for whichever serves best. */
  readonly account: string | null;
};

export type Rebalance = {
  /** Amount to buy (> 0) or sell (< 0) of each holding that moves, by its id. */
  readonly moves: ReadonlyMap<string, Decimal>;
  /** What each holding is to be worth by its own target, its theme's or its section's, by its id. */
  readonly goals: ReadonlyMap<string, Decimal>;
  /** New money that goes into each account. */
  readonly cashIn: ReadonlyMap<string, Decimal>;
  /** New money that the locked total leaves no room for. */
  readonly heldBack: Decimal;
  /** What the targets are shares of: the value with the cash, at most the locked total. */
  readonly size: Decimal;
  readonly unplaced: Goals['unplaced'];
  readonly untargeted: readonly string[];
};

/** The holdings of one goal in one account. */
type Cell = {
  readonly account: number;
  readonly goal: number;
  readonly members: readonly Candidate[];
  readonly value: Decimal;
};

/** Splits an amount by weights; the last takes what rounding leaves, so that the parts add up exactly. */
export const divide = (amount: Decimal, weights: readonly Decimal[]): Decimal[] => {
  const positive = weights.map((weight) => Decimal.max(weight, ZERO));
  const whole = sumOf(positive);
  const last = whole.isZero()
    ? weights.length - 1
    : positive.findLastIndex((weight) => weight.greaterThan(0));
  let left = amount;
  return positive.map((weight, place) => {
    const share = whole.isZero() ? amount.div(weights.length) : amount.times(weight).div(whole);
    const part = place === last ? left : place > last ? ZERO : roundAmount(share);
    left = left.minus(part);
    return part;
  });
};

/** All cells, and which of them belong to each goal and to each account. */
type Grid = {
  readonly cells: readonly Cell[];
  readonly ofGoal: readonly (readonly number[])[];
  readonly ofAccount: readonly (readonly number[])[];
};

const gridOf = (goals: readonly Goal[], accounts: readonly string[]): Grid => {
  const cells = goals.flatMap((goal, at): Cell[] => {
    const byAccount = new Map<string, Candidate[]>();
    for (const one of goal.members) {
      const others = byAccount.get(one.account);
      if (others) others.push(one);
      else byAccount.set(one.account, [one]);
    }
    return [...byAccount].map(([account, members]) => ({
      account: accounts.indexOf(account),
      goal: at,
      members,
      value: sumOf(members.map((one) => one.value)),
    }));
  });
  const ofGoal: number[][] = goals.map(() => []);
  const ofAccount: number[][] = accounts.map(() => []);
  for (const [at, cell] of cells.entries()) {
    ofGoal[cell.goal]?.push(at);
    ofAccount[cell.account]?.push(at);
  }
  return { cells, ofGoal, ofAccount };
};

/** The amount at a place of a list that has one for each place. */
const at = (amounts: readonly Decimal[], place: number): Decimal => amounts[place] ?? ZERO;

const sumAt = (amounts: readonly Decimal[], places: readonly number[]): Decimal =>
  sumOf(places.map((place) => at(amounts, place)));

const scaledTo = (amounts: readonly Decimal[], most: Decimal): Decimal[] => {
  const whole = sumOf(amounts);
  return whole.lessThanOrEqualTo(most) ? [...amounts] : divide(Decimal.max(most, ZERO), amounts);
};

/** What may go into each account: nothing but the one that was named, else as far as the account's own target allows. */
const headroom = (
  accounts: readonly string[],
  holdings: readonly Candidate[],
  plan: Plan,
  size: Decimal,
  named: string | null,
): (Decimal | null)[] =>
  accounts.map((account) => {
    if (named !== null) return account === named ? null : ZERO;
    const target = targetIn(entryOf(plan.budgets.accounts, account), size);
    if (target === null) return null;
    const value = sumOf(holdings.filter((one) => one.account === account).map((one) => one.value));
    return Decimal.max(target.amount.minus(value), ZERO);
  });

type Flow = { readonly cells: Decimal[]; readonly cashIn: Decimal[] };

type Supply = {
  readonly grid: Grid;
  /** What each goal takes. */
  readonly goals: readonly Decimal[];
  /** Money that is in each account and may be moved within it. */
  readonly inAccount: readonly Decimal[];
  /** New money, and how much of it each account may take. */
  readonly cash: Decimal;
  readonly room: readonly (Decimal | null)[];
};

/** What stays where it is at first: each cell its share of its goal, at most what it holds and its account has. */
const keptIn = ({ grid, goals, inAccount }: Supply, values: readonly Decimal[]): Decimal[] => {
  const kept = values.map(() => ZERO);
  for (const [goal, places] of grid.ofGoal.entries()) {
    const parts = scaledTo(
      places.map((place) => at(values, place)),
      at(goals, goal),
    );
    for (const [index, place] of places.entries()) kept[place] = at(parts, index);
  }
  for (const [account, places] of grid.ofAccount.entries()) {
    const parts = scaledTo(
      places.map((place) => at(kept, place)),
      at(inAccount, account),
    );
    for (const [index, place] of places.entries()) kept[place] = at(parts, index);
  }
  return kept;
};

/** Money that is free in each account, to the goals it can reach there, in proportion to what they lack. */
const shareOut = ({ grid, goals, inAccount }: Supply, kept: readonly Decimal[]): Decimal[] => {
  const filled = [...kept];
  const gaps = goals.map((goal, place) => goal.minus(sumAt(filled, grid.ofGoal[place] ?? [])));
  for (const [account, places] of grid.ofAccount.entries()) {
    const goalAt = (place: number): number => grid.cells[place]?.goal ?? -1;
    const wanted = places.map((place) => at(gaps, goalAt(place)));
    const parts = scaledTo(wanted, at(inAccount, account).minus(sumAt(filled, places)));
    for (const [index, place] of places.entries()) {
      filled[place] = at(filled, place).plus(at(parts, index));
      gaps[goalAt(place)] = at(gaps, goalAt(place)).minus(at(parts, index));
    }
  }
  return filled;
};

/** New money to what goals then still lack, in proportion; within a goal by what its accounts hold of it already. */
const shareCash = ({ grid, goals, cash, room }: Supply, shared: readonly Decimal[]): Flow => {
  const cells = [...shared];
  const cashIn = room.map(() => ZERO);
  const left = [...room];
  const open = (place: number): boolean => left[grid.cells[place]?.account ?? -1]?.isZero() !== true;
  const gaps = goals.map((goal, place) => {
    const places = grid.ofGoal[place] ?? [];
    return places.some(open) ? goal.minus(sumAt(cells, places)) : ZERO;
  });
  for (const [goal, part] of scaledTo(gaps, cash).entries()) {
    const places = (grid.ofGoal[goal] ?? []).filter(open);
    const parts = divide(
      part,
      places.map((place) => grid.cells[place]?.value ?? ZERO),
    );
    for (const [index, place] of places.entries()) {
      const account = grid.cells[place]?.account ?? -1;
      const most = left[account] ?? null;
      const given = most === null ? at(parts, index) : Decimal.min(at(parts, index), most);
      cells[place] = at(cells, place).plus(given);
      cashIn[account] = at(cashIn, account).plus(given);
      if (most !== null) left[account] = most.minus(given);
    }
  }
  return { cells, cashIn };
};

/** Sends what is left where it can still go, moving other money out of its way within its account. */
const complete = ({ grid, goals, inAccount, cash, room }: Supply, first: Flow): Flow => {
  const [source, fresh, sink] = [0, 1, 2];
  const accountNode = (place: number): number => 3 + place;
  const goalNode = (place: number): number => 3 + inAccount.length + place;
  const network = createFlow(3 + inAccount.length + goals.length);
  network.connect(source, fresh, cash, sumOf(first.cashIn));
  const fromCash = inAccount.map((own, place) => {
    const taken = at(first.cashIn, place);
    const used = sumAt(first.cells, grid.ofAccount[place] ?? []).minus(taken);
    network.connect(source, accountNode(place), own, used);
    return network.connect(fresh, accountNode(place), room[place] ?? null, taken);
  });
  const flows = grid.cells.map((cell, place) =>
    network.connect(accountNode(cell.account), goalNode(cell.goal), null, at(first.cells, place)),
  );
  for (const [place, amount] of goals.entries()) {
    network.connect(goalNode(place), sink, amount, sumAt(first.cells, grid.ofGoal[place] ?? []));
  }
  network.fill(source, sink);
  return { cells: flows.map((flow) => flow()), cashIn: fromCash.map((flow) => flow()) };
};

/** Takes money out: from the account that was named, else from all in proportion to what may be moved there. */
const takeOut = (
  inAccount: readonly Decimal[],
  accounts: readonly string[],
  amount: Decimal,
  named: string | null,
): Decimal[] => {
  const from = inAccount.map((own, place) => (named === null || accounts[place] === named ? own : ZERO));
  const parts = scaledTo(from, amount);
  return inAccount.map((own, place) => own.minus(at(parts, place)));
};

/** Existing money that no target has use for stays where it is: nothing is sold for nothing. */
const putBack = ({ grid, inAccount }: Supply, { cells, cashIn }: Flow): Decimal[] => {
  const result = [...cells];
  for (const [account, places] of grid.ofAccount.entries()) {
    const used = sumAt(result, places).minus(at(cashIn, account));
    const lacking = places.map((place) =>
      Decimal.max((grid.cells[place]?.value ?? ZERO).minus(at(result, place)), ZERO),
    );
    const parts = scaledTo(lacking, at(inAccount, account).minus(used));
    for (const [index, place] of places.entries()) result[place] = at(result, place).plus(at(parts, index));
  }
  return result;
};

/** What each cell is worth afterwards, and the new money that went into each account. */
const settle = (supply: Supply, isBuying: boolean): Flow => {
  const values = supply.grid.cells.map((cell) => Decimal.max(cell.value, ZERO));
  const kept = isBuying ? values.map(() => ZERO) : keptIn(supply, values);
  const flow = complete(supply, shareCash(supply, shareOut(supply, kept)));
  if (!isBuying) return { cells: putBack(supply, flow), cashIn: flow.cashIn };
  const cells = flow.cells.map((amount, place) => amount.plus(supply.grid.cells[place]?.value ?? ZERO));
  return { cells, cashIn: flow.cashIn };
};

const movesOf = (grid: Grid, after: readonly Decimal[]): Map<string, Decimal> => {
  const moves = new Map<string, Decimal>();
  for (const [place, { members }] of grid.cells.entries()) {
    const parts = divide(
      at(after, place),
      members.map((one) => one.value),
    );
    for (const [index, one] of members.entries()) {
      const move = at(parts, index).minus(one.value);
      if (!move.isZero()) moves.set(one.id, move);
    }
  }
  return moves;
};

const goalsByHolding = (goals: readonly Goal[]): Map<string, Decimal> =>
  new Map(
    goals.flatMap(({ amount, members }) => {
      const parts = divide(
        amount,
        members.map((one) => one.value),
      );
      return members.map((one, place) => [one.id, at(parts, place)] as const);
    }),
  );

/**
 * Brings a portfolio as close to its targets as its accounts allow: money moves within an account and never from one to
 * another, only new money goes where it is needed. What no target has use for is not sold; within a theme of an account
 * the holdings move in proportion to their value. Goals that together want more than there is are scaled down alike. New
 * money never takes the portfolio above its locked total.
 */
export const rebalance = (
  holdings: readonly AllocatedHolding[],
  plan: Plan,
  request: RebalanceRequest,
): Rebalance => {
  const valued = holdings.filter((one): one is Candidate => one.value !== null);
  const value = sumOf(valued.map((one) => one.value));
  const locked = plan.total?.from === 'lockedTotal' ? plan.total.amount : null;
  const afterCash = value.plus(request.cash);
  const size = Decimal.max(locked === null ? afterCash : Decimal.min(afterCash, locked), ZERO);
  const fresh = Decimal.max(request.cash, ZERO);
  const cash = locked === null ? fresh : Decimal.min(fresh, Decimal.max(locked.minus(value), ZERO));
  const { goals, unplaced, untargeted } = goalsOf(valued, plan, size);
  const accounts = [...new Set([...plan.lists.accounts, ...valued.map((one) => one.account)])];
  const grid = gridOf(goals, accounts);
  const values = grid.cells.map((cell) => cell.value);
  const isBuying = request.mode === 'buyOnly';
  const movable = accounts.map((_, place) =>
    isBuying ? ZERO : Decimal.max(sumAt(values, grid.ofAccount[place] ?? []), ZERO),
  );
  const inAccount = request.cash.isNegative()
    ? takeOut(movable, accounts, request.cash.neg(), request.account)
    : movable;
  const wanted = goals.map(({ amount }, place) =>
    isBuying ? Decimal.max(amount.minus(sumAt(values, grid.ofGoal[place] ?? [])), ZERO) : amount,
  );
  const supply: Supply = {
    grid,
    goals: isBuying ? wanted : scaledTo(wanted, sumOf(inAccount).plus(cash)),
    inAccount,
    cash,
    room: headroom(accounts, valued, plan, size, request.account),
  };
  const flow = settle(supply, isBuying);
  return {
    moves: movesOf(grid, flow.cells),
    goals: goalsByHolding(goals),
    cashIn: new Map(accounts.map((account, place) => [account, at(flow.cashIn, place)])),
    heldBack: fresh.minus(cash),
    size,
    unplaced,
    untargeted: untargeted.map((one) => one.id),
  };
};
