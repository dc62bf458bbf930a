import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { useDecimalReader } from '../../ui/form.tsx';
import type { How } from '../../ui/how.tsx';
import { Note, Section } from '../../ui/page.tsx';
import { decimalColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import type { Portfolio } from '../portfolios/queries.ts';
import classes from './allocation.module.css';
import { DriftFigure } from './drift-figure.tsx';
import type { Allocation } from './queries.ts';
import { AccountSums, DriftAfter } from './worksheet-sums.tsx';
import { computedUnits, exact, sheetOf, type SheetLine, type Typed } from './worksheet-model.ts';

const UnitsField = ({ line, onType }: { line: SheetLine; onType: (text: string) => void }) => {
  const { t } = useLingui();
  const { name, account } = line.holding;
  return (
    <TextInput
      size="xs"
      inputMode="text"
      className={classes['units'] ?? ''}
      aria-label={t`Units of ${name} in ${account}; below zero to sell`}
      error={line.units === null || line.oversold}
      value={line.text}
      placeholder="0"
      onChange={(event) => onType(event.currentTarget.value)}
    />
  );
};

const useAmountHow = (currency: string) => {
  const format = useFormat();
  return (line: SheetLine): How => ({
    title: <Trans>{line.holding.name}, amount</Trans>,
    formula: <Trans>Units × price of one in {currency}. Fees, taxes and spreads are not in it.</Trans>,
    inputs: [
      { label: <Trans>Units</Trans>, value: format.quantity(exact(line.units ?? line.amount)) },
      {
        label: <Trans>Price of one</Trans>,
        value: `${format.price(line.holding.unitPrice ?? '0')} ${currency}`,
      },
      { label: <Trans>Held now</Trans>, value: format.quantity(line.holding.qty) },
    ],
    links: [{ label: <Trans>Trades</Trans>, to: `/holdings/${line.holding.holdingId}` }],
  });
};

const useColumns = (
  currency: string,
  onType: (id: string, text: string) => void,
): TableColumn<SheetLine>[] => {
  const { t } = useLingui();
  const format = useFormat();
  const amountHow = useAmountHow(currency);
  return [
    textColumn({
      id: 'name',
      label: t`Holding`,
      width: 180,
      read: (line) => line.holding.name,
      cell: (line) => (
        <span className={classes['name']}>
          <Link to="/holdings/$holdingId" params={{ holdingId: line.holding.holdingId }}>
            {line.holding.name}
          </Link>
          <span className={classes['under']}>
            {line.holding.account} · {line.holding.theme}
          </span>
        </span>
      ),
    }),
    decimalColumn({
      id: 'units',
      label: t`Buy or sell`,
      unit: t`± units`,
      read: (line) => (line.units === null ? null : exact(line.units)),
      cell: (line) => <UnitsField line={line} onType={(text) => onType(line.holding.holdingId, text)} />,
    }),
    decimalColumn({
      id: 'amount',
      label: t`Amount`,
      unit: currency,
      read: (line) => exact(line.amount),
      cell: (line) => (
        <DriftFigure amount={exact(line.amount)} currency={currency} how={() => amountHow(line)} />
      ),
    }),
    decimalColumn({
      id: 'price',
      label: t`Price of one`,
      unit: currency,
      read: (line) => line.holding.unitPrice,
      cell: (line) => format.price(line.holding.unitPrice ?? '0'),
    }),
    decimalColumn({
      id: 'after',
      label: t`Value after`,
      unit: currency,
      read: (line) => exact(line.after),
      cell: (line) => <Figure kind="money" bare value={exact(line.after)} currency={currency} />,
    }),
    decimalColumn({
      id: 'share',
      label: t`Share after`,
      unit: '%',
      read: (line) => (line.sharePct === null ? null : exact(line.sharePct)),
      cell: (line) => line.sharePct !== null && format.percentFigure(exact(line.sharePct)),
    }),
    { ...textColumn<SheetLine>({ id: 'account', label: t`Account`, read: (line) => line.holding.account }) },
  ];
};

const Leftovers = ({ allocation }: { allocation: Allocation }) => {
  const format = useFormat();
  const { rebalance, currency, holdings } = allocation;
  if (rebalance === null) return null;
  const names = rebalance.untargeted.flatMap(
    (id) => holdings.find((one) => one.holdingId === id)?.name ?? [],
  );
  const hasHeldBack = rebalance.heldBack !== '0';
  if (rebalance.unplaced.length === 0 && names.length === 0 && !hasHeldBack) return null;
  return (
    <Note>
      {hasHeldBack && (
        <p>
          <Trans>
            The locked total leaves no room for {format.money(rebalance.heldBack, currency)} of the cash.
          </Trans>
        </p>
      )}
      {rebalance.unplaced.map((one) => (
        <p key={one.kind + one.name}>
          <Trans>
            Nothing that is held can fill the target of {one.name}, {format.money(one.amount, currency)}.
          </Trans>
        </p>
      ))}
      {names.length > 0 && (
        <p>
          <Trans>Without a target, and so left as they are: {names.join(', ')}.</Trans>
        </p>
      )}
    </Note>
  );
};

const useSheet = (portfolio: Portfolio, allocation: Allocation) => {
  const read = useDecimalReader();
  const computed = useMemo(() => computedUnits(allocation), [allocation]);
  const [typed, setTyped] = useState<Typed>(computed);
  const [shown, setShown] = useState<'moving' | 'all'>('moving');
  const sheet = sheetOf(portfolio, allocation, typed, (text) => read(text.replace(/^\+/, '')));
  const lines = sheet.lines.filter(
    ({ holding }) =>
      shown === 'all' || typed[holding.holdingId] !== undefined || computed[holding.holdingId] !== undefined,
  );
  return {
    sheet,
    lines,
    shown,
    setShown,
    type: (id: string, text: string) => setTyped((before) => ({ ...before, [id]: text })),
    reset: () => setTyped(computed),
    changed: JSON.stringify(typed) !== JSON.stringify(computed),
  };
};

/** What to trade, line by line: each line can be changed, and everything below follows. */
export const Worksheet = ({ portfolio, allocation }: { portfolio: Portfolio; allocation: Allocation }) => {
  const { t } = useLingui();
  const { currency } = allocation;
  const { sheet, lines, shown, setShown, type, reset, changed } = useSheet(portfolio, allocation);
  const columns = useColumns(currency, type);
  const seen = columns.filter((column) => column.id !== 'account');
  return (
    <>
      <Leftovers allocation={allocation} />
      <DataTable
        label={t`Worksheet`}
        columns={seen}
        exportColumns={columns}
        rows={lines}
        rowKey={(line) => line.holding.holdingId}
        exportName={t`rebalance ${portfolio.name}`}
        empty={
          <p className={classes['quiet']}>
            <Trans>Nothing needs to be traded. Show all holdings to try something out.</Trans>
          </p>
        }
        tools={
          <>
            <Button size="xs" variant="default" onClick={() => setShown(shown === 'all' ? 'moving' : 'all')}>
              {shown === 'all' ? <Trans>Only what moves</Trans> : <Trans>All holdings</Trans>}
            </Button>
            <Button size="xs" variant="default" disabled={!changed} onClick={reset}>
              <Trans>Back to what was worked out</Trans>
            </Button>
          </>
        }
      />
      <Section
        title={<Trans>Account by account</Trans>}
        lead={<Trans>Money stays in its account; only new money is free to go anywhere</Trans>}
      >
        <AccountSums allocation={allocation} settlement={sheet.settlement} />
      </Section>
      <Section
        title={<Trans>Drift that remains</Trans>}
        lead={<Trans>Once these lines are carried out</Trans>}
      >
        <DriftAfter portfolio={portfolio} allocation={allocation} after={sheet.after} />
      </Section>
    </>
  );
};
