import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Checkbox, Popover } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { toast } from '../../ui/toasts.tsx';
import { replacePortfolio } from '../portfolios/list-changes.ts';
import { portfoliosQuery, type Portfolio } from '../portfolios/queries.ts';
import { COLUMNS, isShown, PLACES, type Choosable, type Stored } from './columns.ts';
import classes from './ledger.module.css';

/** The name of each column in words. */
export const useColumnWords = (): Readonly<Record<Choosable, string>> => {
  const { t } = useLingui();
  return {
    section: t`Section`,
    theme: t`Theme`,
    account: t`Account`,
    value: t`Value`,
    share: t`Share`,
    qty: t`Quantity`,
    price: t`Price`,
    gain: t`Gain`,
    gainPct: t`Gain in per cent`,
    cost: t`Cost`,
    avgCost: t`Average cost`,
    realised: t`Realised`,
    income: t`Income`,
    total: t`Gain in all`,
    byPrice: t`From the price`,
    byCurrency: t`From the currency`,
    type: t`Type`,
    isin: t`ISIN`,
    target: t`Target`,
    notes: t`Notes`,
  };
};

type Page = { readonly items: readonly Portfolio[] };

const known = (client: QueryClient, id: string): Portfolio | undefined =>
  client.getQueryData<Page>(portfoliosQuery.queryKey)?.items.find((one) => one.id === id);

/** What is shown, and how a column is shown or hidden. */
export type ColumnChoice = { readonly stored: Stored; readonly toggle: (id: Choosable) => void };

/** Shows or hides a column at once and stores it with the portfolio, one choice after the other. */
export const useColumnChoice = (portfolio: Portfolio): ColumnChoice => {
  const { t } = useLingui();
  const client = useQueryClient();
  // What was chosen here stands until it is stored, whatever is fetched meanwhile.
  const [chosen, setChosen] = useState<Stored>({});
  const stored = { ...portfolio.settings.visibleColumns, ...chosen };
  const store = useMutation({
    scope: { id: `columns ${portfolio.id}` },
    mutationFn: async (wanted: Stored) => {
      const now = known(client, portfolio.id) ?? portfolio;
      const saved = await api('PATCH /api/portfolios/:id', {
        params: { id: portfolio.id },
        version: now.version,
        body: { settings: { visibleColumns: { ...now.settings.visibleColumns, ...wanted } } },
      });
      replacePortfolio(client, saved);
    },
    onError: async (error) => {
      setChosen({});
      toast(error instanceof Error ? error.message : t`The choice could not be stored.`, { tone: 'bad' });
      await client.invalidateQueries({ queryKey: portfoliosQuery.queryKey });
    },
  });
  const toggle = (id: Choosable): void => {
    const wanted = { ...chosen, [id]: !isShown(stored, id) };
    setChosen(wanted);
    store.mutate(wanted);
  };
  return { stored, toggle };
};

/** A box for each column that can be shown. */
const ColumnBoxes = ({ choice }: { choice: ColumnChoice }) => {
  const { t } = useLingui();
  const words = useColumnWords();
  const group = (title: string, ids: readonly Choosable[]) => (
    <fieldset className={classes['columnGroup']}>
      <legend>{title}</legend>
      {ids.map((id) => (
        <Checkbox
          key={id}
          size="xs"
          label={words[id]}
          checked={isShown(choice.stored, id)}
          onChange={() => choice.toggle(id)}
        />
      ))}
    </fieldset>
  );
  return (
    <div className={classes['columnMenu']}>
      {group(t`Under the name`, PLACES)}
      {group(t`Columns`, COLUMNS)}
    </div>
  );
};

/** The columns that a portfolio's holdings show, as one of its settings. */
export const HoldingColumns = ({ portfolio }: { portfolio: Portfolio }) => (
  <ColumnBoxes choice={useColumnChoice(portfolio)} />
);

/** Chooses what the holdings show; the choice stays with the portfolio. */
export const ColumnMenu = ({ portfolio, choice }: { portfolio: Portfolio; choice: ColumnChoice }) => {
  const { t } = useLingui();
  return (
    <Popover position="bottom-end" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconColumns3 aria-hidden size={15} />}
          aria-label={t`Columns of ${portfolio.name}`}
        >
          <Trans>Columns</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Columns`}>
        <ColumnBoxes choice={choice} />
      </Popover.Dropdown>
    </Popover>
  );
};
