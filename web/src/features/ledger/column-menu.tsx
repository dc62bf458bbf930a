import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Checkbox, Popover } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { toast } from '../../ui/toasts.tsx';
import { portfoliosQuery, type Portfolio } from '../portfolios/queries.ts';
import { COLUMNS, isShown, PLACES, type Choosable } from './columns.ts';
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

const replace = (client: QueryClient, portfolio: Portfolio): void => {
  client.setQueryData<Page>(
    portfoliosQuery.queryKey,
    (page) =>
      page && { ...page, items: page.items.map((one) => (one.id === portfolio.id ? portfolio : one)) },
  );
};

/** Shows or hides a column at once and stores it with the portfolio, one choice after the other. */
const useToggle = (portfolio: Portfolio) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const store = useMutation({
    scope: { id: `columns ${portfolio.id}` },
    mutationFn: async () => {
      const now = known(client, portfolio.id) ?? portfolio;
      const { visibleColumns } = now.settings;
      const saved = await api('PATCH /api/portfolios/:id', {
        params: { id: portfolio.id },
        version: now.version,
        body: { settings: { visibleColumns } },
      });
      const { settings } = known(client, portfolio.id) ?? saved;
      replace(client, { ...saved, settings });
    },
    onError: async (error) => {
      toast(error instanceof Error ? error.message : t`The choice could not be stored.`, { tone: 'bad' });
      await client.invalidateQueries({ queryKey: portfoliosQuery.queryKey });
    },
  });
  return (id: Choosable): void => {
    const now = known(client, portfolio.id) ?? portfolio;
    const { visibleColumns } = now.settings;
    replace(client, {
      ...now,
      settings: {
        ...now.settings,
        visibleColumns: { ...visibleColumns, [id]: !isShown(visibleColumns, id) },
      },
    });
    store.mutate();
  };
};

/** Chooses what the holdings show; the choice stays with the portfolio. */
export const ColumnMenu = ({ portfolio }: { portfolio: Portfolio }) => {
  const { t } = useLingui();
  const words = useColumnWords();
  const toggle = useToggle(portfolio);
  const group = (title: string, ids: readonly Choosable[]) => (
    <fieldset className={classes['columnGroup']}>
      <legend>{title}</legend>
      {ids.map((id) => (
        <Checkbox
          key={id}
          size="xs"
          label={words[id]}
          checked={isShown(portfolio.settings.visibleColumns, id)}
          onChange={() => toggle(id)}
        />
      ))}
    </fieldset>
  );
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
      <Popover.Dropdown className={classes['columnMenu'] ?? ''} aria-label={t`Columns`}>
        {group(t`Under the name`, PLACES)}
        {group(t`Columns`, COLUMNS)}
      </Popover.Dropdown>
    </Popover>
  );
};
