import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { parseDecimal } from '../../lib/format.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Section } from '../../ui/page.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { changesOf, type ShareChange } from './overlap-changes.ts';
import type { Candidate } from './overlap-queries.ts';
import classes from './overlap.module.css';

const route = getRouteApi('/app/look-through/overlap');

type Bought = NonNullable<Candidate['purchase']>;
type Dimension = 'byRegion' | 'bySector' | 'byCountry' | 'byCurrency' | 'byAssetClass' | 'byCompany';

const rowsOf = (purchase: Bought, by: Dimension): readonly ShareChange[] =>
  by === 'byCompany'
    ? purchase.byCompany.map(({ name, pctBefore, pctAfter }) => ({
        name,
        before: pctBefore,
        after: pctAfter,
        change: pctAfter - pctBefore,
      }))
    : changesOf(purchase.before?.[by] ?? null, purchase.after[by]);

const useColumns = (first: string): readonly TableColumn<ShareChange>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(() => {
    const share = (id: 'before' | 'after', label: string): TableColumn<ShareChange> =>
      numberColumn({ id, label, unit: '%', read: (one) => one[id], write: format.percentFigure });
    return [
      textColumn({ id: 'name', label: first, width: 150, read: (one: ShareChange) => one.name }),
      share('before', t`Before`),
      share('after', t`After`),
      numberColumn({
        id: 'change',
        label: t`Change`,
        unit: t`points`,
        read: (one: ShareChange) => one.change,
        write: (change) =>
          Math.abs(change) < 0.005 ? '0' : `${change > 0 ? '+' : ''}${format.percentFigure(change)}`,
      }),
    ];
  }, [t, format, first]);
};

const AmountForm = ({ currency }: { currency: string }) => {
  const { t } = useLingui();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(search.amount ?? '');
  const [error, setError] = useState<string | null>(null);
  const apply = (): void => {
    const amount = typed.trim() === '' ? undefined : parseDecimal(typed, format.locale);
    if (amount === null || (amount !== undefined && !/^\d*\.?\d*[1-9]\d*\.?\d*$/.test(amount))) {
      setError(t`An amount above zero, such as 1,000.`);
      return;
    }
    setError(null);
    void navigate({ search: (before) => ({ ...before, amount }), replace: true, resetScroll: false });
  };
  return (
    <form
      noValidate
      className={classes['amount']}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <TextInput
        label={t`Amount in ${currency}`}
        inputMode="decimal"
        autoComplete="off"
        w={170}
        value={typed}
        error={error}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setError(null);
        }}
      />
      <Button type="submit" variant="default">
        <Trans>Show what changes</Trans>
      </Button>
    </form>
  );
};

const Changes = ({ purchase, name }: { purchase: Bought; name: string }) => {
  const { t } = useLingui();
  const format = useFormat();
  const [by, setBy] = useState<Dimension>('byRegion');
  const names: Readonly<Record<Dimension, string>> = {
    byRegion: t`Region`,
    bySector: t`Sector`,
    byCountry: t`Country`,
    byCurrency: t`Currency`,
    byAssetClass: t`Asset class`,
    byCompany: t`Company`,
  };
  const columns = useColumns(names[by]);
  const rows = useMemo(() => rowsOf(purchase, by), [purchase, by]);
  const isDimension = (text: string): text is Dimension => Object.hasOwn(names, text);
  return (
    <>
      <p className={classes['sum']}>
        <Trans>
          With {format.money(purchase.amount, purchase.currency)} of {name} added to{' '}
          {format.money(purchase.portfolioValue, purchase.currency)}, its own share goes from{' '}
          {format.percent(purchase.heldPctBefore)} to {format.percent(purchase.heldPctAfter)}.
        </Trans>
      </p>
      <DataTable
        key={by}
        label={t`Before and after`}
        columns={columns}
        rows={rows}
        rowKey={(one) => one.name}
        sort={{ id: 'after', desc: true }}
        exportName={`before and after by ${names[by]}`}
        tools={
          <NativeSelect
            size="xs"
            aria-label={t`Compare by`}
            value={by}
            data={Object.entries(names).map(([value, label]) => ({ value, label }))}
            onChange={(event) => {
              const next = event.currentTarget.value;
              if (isDimension(next)) setBy(next);
            }}
          />
        }
      />
    </>
  );
};

/** With an amount: what the whole portfolio would hold then, beside what it holds now. */
export const Purchase = ({ candidate }: { candidate: Candidate }) => {
  const { portfolio } = usePortfolioScope();
  const search = route.useSearch();
  const { purchase, instrument } = candidate;
  return (
    <Section
      title={<Trans>With an amount</Trans>}
      lead={<Trans>what the portfolio would hold if it had so much more of it; nothing is recorded</Trans>}
    >
      <AmountForm
        key={search.amount ?? ''}
        currency={purchase?.currency ?? portfolio?.settings.currency ?? ''}
      />
      {purchase && <Changes purchase={purchase} name={instrument.name} />}
    </Section>
  );
};
