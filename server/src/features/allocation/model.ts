/**
 * The model that a portfolio follows, and the portfolio's targets as they come from it.
 *
 * Contents: Model · readModel · followed
 */
import type { Portfolio } from '@pm/contracts/portfolios';
import { followBudgets, followModel } from '@pm/domain/allocation';
import type { Followed, Follower, ModelWeight } from '@pm/domain/allocation';
import { dec, HUNDRED, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import type { Static } from 'typebox';

import { enterPortfolio, readPortfolio } from '#features/portfolios';
import { valuePortfolio } from '#features/valuation';
import type { Moment, ValuedRow } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

type PortfolioAnswer = Static<typeof Portfolio>;

/** A model as others aim for it. */
export type Model = {
  readonly id: string;
  readonly name: string;
  /** Its holdings' target percentages; without any, their values; without holdings, its own targets of lists. */
  readonly weightsFrom: 'targets' | 'value' | 'budgets';
  readonly weights: readonly ModelWeight[];
  readonly budgets: PortfolioAnswer['budgets'];
  /** Names of the instruments that it holds. */
  readonly instruments: ReadonlyMap<string, string>;
};

const keyOf = ({ row }: ValuedRow): string => row.instrument_id ?? row.unlinked_name ?? '';

/** Shares of the whole, by instrument; the first holding of each says where it is filed. */
const addUp = (shares: readonly { readonly row: ValuedRow; readonly pct: Decimal }[]): ModelWeight[] =>
  [...Map.groupBy(shares, ({ row }) => keyOf(row))].flatMap(([key, some]) => {
    const [first] = some;
    if (first === undefined) return [];
    const pct = some.reduce((sum, one) => sum.plus(one.pct), ZERO);
    const { section, theme } = first.row.row;
    return pct.isPositive() && !pct.isZero() ? [{ key, section, theme, pct }] : [];
  });

const weightsOf = (rows: readonly ValuedRow[]): Pick<Model, 'weightsFrom' | 'weights'> => {
  const counted = rows.filter((one) => one.row.include);
  const aimed = addUp(counted.map((row) => ({ row, pct: dec(row.row.target_pct ?? '0') })));
  if (aimed.length > 0) return { weightsFrom: 'targets', weights: aimed };
  const worth = counted.flatMap((row) => ('missing' in row.valued ? [] : [{ row, value: row.valued.value }]));
  const whole = worth.reduce((sum, one) => sum.plus(one.value), ZERO);
  if (!whole.isPositive() || whole.isZero()) return { weightsFrom: 'budgets', weights: [] };
  const shares = worth.map(({ row, value }) => ({ row, pct: value.times(HUNDRED).div(whole) }));
  return { weightsFrom: 'value', weights: addUp(shares) };
};

/** The model that a portfolio follows, as it stands at a moment; null where it follows none that the person may see. */
export const readModel = async (
  tx: Tx,
  { modelId }: PortfolioAnswer,
  moment: Moment,
): Promise<Model | null> => {
  if (modelId === null) return null;
  const { name, budgets } = await readPortfolio(tx, modelId);
  await enterPortfolio(tx, modelId);
  const rows = await valuePortfolio(tx, modelId, moment);
  const instruments = rows.flatMap(({ row }): [string, string][] =>
    row.instrument_id === null ? [] : [[row.instrument_id, row.instrument_name ?? '']],
  );
  return { id: modelId, name, budgets, ...weightsOf(rows), instruments: new Map(instruments) };
};

const follower = (one: ValuedRow): Follower => ({
  id: one.row.id,
  key: keyOf(one),
  section: one.row.section,
  theme: one.row.theme,
  account: one.row.account,
  value: 'missing' in one.valued ? null : one.valued.value,
  targetPct: one.row.target_pct === null ? null : Number(one.row.target_pct),
});

/** Holdings and budgets with the targets that count: the model's where there is one, else the portfolio's own. */
export const followed = (
  rows: readonly ValuedRow[],
  model: Model | null,
  own: Pick<PortfolioAnswer, 'lists' | 'budgets'>,
): Followed<Follower> => {
  const holdings = rows.map(follower);
  if (model === null) return { holdings, budgets: own.budgets, notHeld: [] };
  return model.weightsFrom === 'budgets'
    ? followBudgets(holdings, model.budgets, own)
    : followModel(holdings, model.weights, own);
};
