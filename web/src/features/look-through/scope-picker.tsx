import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { instrumentQuery } from '../instruments/queries.ts';
import { holdingQuery, holdingsQuery } from '../ledger/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import type { Scope } from './queries.ts';

type Asked = { readonly holding?: string | undefined; readonly instrument?: string | undefined };

/** What is looked through, and its name for sentences; undefined while nothing is chosen. */
export const useLookThroughScope = ({
  holding,
  instrument,
}: Asked): { scope: Scope | undefined; name: string } => {
  const { portfolio } = usePortfolioScope();
  const held = useQuery({ ...holdingQuery(holding ?? ''), enabled: holding !== undefined });
  const chosen = useQuery({ ...instrumentQuery(instrument ?? ''), enabled: instrument !== undefined });
  if (instrument !== undefined) {
    return { scope: { kind: 'instrument', id: instrument }, name: chosen.data?.name ?? '' };
  }
  if (holding !== undefined) {
    return { scope: { kind: 'holding', id: holding }, name: held.data?.instrument?.name ?? '' };
  }
  return portfolio
    ? { scope: { kind: 'portfolio', id: portfolio.id }, name: portfolio.name }
    : { scope: undefined, name: '' };
};

type ScopePickerProps = Asked & { readonly onPick: (asked: Asked) => void; readonly name: string };

/** Chooses between the whole portfolio and one of its holdings. */
export const ScopePicker = ({ holding, instrument, onPick, name }: ScopePickerProps) => {
  const { t } = useLingui();
  const { portfolio } = usePortfolioScope();
  const holdings = useQuery({ ...holdingsQuery(portfolio?.id ?? ''), enabled: portfolio !== null });
  const known = holdings.data ?? [];
  const value =
    instrument !== undefined
      ? `instrument ${instrument}`
      : holding !== undefined
        ? `holding ${holding}`
        : 'portfolio';
  const data = [
    ...(portfolio ? [{ value: 'portfolio', label: t`All of ${portfolio.name}` }] : []),
    ...known.map((one) => ({
      value: `holding ${one.id}`,
      label: `${one.instrument?.name ?? '—'} · ${one.account}`,
    })),
    ...(instrument !== undefined || (holding !== undefined && !known.some((one) => one.id === holding))
      ? [{ value, label: name }]
      : []),
  ];
  return (
    <NativeSelect
      label={t`What to look through`}
      size="sm"
      value={value}
      data={data}
      w={360}
      maw="100%"
      onChange={(event) => {
        const [kind, id] = event.currentTarget.value.split(' ');
        onPick({
          holding: kind === 'holding' ? id : undefined,
          instrument: kind === 'instrument' ? id : undefined,
        });
      }}
    />
  );
};
