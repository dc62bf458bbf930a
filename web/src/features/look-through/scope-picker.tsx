import { useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { instrumentQuery } from '../instruments/queries.ts';
import { holdingQuery, holdingsQuery } from '../ledger/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { ALL_PORTFOLIOS, type Scope } from './queries.ts';

type Asked = { readonly holding?: string | undefined; readonly instrument?: string | undefined };

/** What is looked through, and its name for sentences; undefined while nothing is chosen. */
export const useLookThroughScope = ({
  holding,
  instrument,
}: Asked): { scope: Scope | undefined; name: string } => {
  const { t } = useLingui();
  const { portfolio, portfolios } = usePortfolioScope();
  const held = useQuery({ ...holdingQuery(holding ?? ''), enabled: holding !== undefined });
  const chosen = useQuery({ ...instrumentQuery(instrument ?? ''), enabled: instrument !== undefined });
  if (instrument !== undefined) {
    return { scope: { kind: 'instrument', id: instrument }, name: chosen.data?.name ?? '' };
  }
  if (holding !== undefined) {
    return { scope: { kind: 'holding', id: holding }, name: held.data?.name ?? '' };
  }
  if (portfolio !== null) return { scope: { kind: 'portfolio', id: portfolio.id }, name: portfolio.name };
  return portfolios === undefined || portfolios.length === 0
    ? { scope: undefined, name: '' }
    : { scope: ALL_PORTFOLIOS, name: t`All portfolios` };
};

/** A choice, as the address says it. */
type Choice = Asked & { readonly portfolio?: string | undefined };

type ScopePickerProps = Asked & { readonly onPick: (choice: Choice) => void; readonly name: string };

const valueOf = ({ holding, instrument }: Asked, portfolio: string | undefined): string => {
  if (instrument !== undefined) return `instrument ${instrument}`;
  if (holding !== undefined) return `holding ${holding}`;
  return portfolio === undefined ? 'all' : `portfolio ${portfolio}`;
};

/** Chooses between all portfolios, one of them, and one of its holdings. */
export const ScopePicker = ({ holding, instrument, onPick, name }: ScopePickerProps) => {
  const { t } = useLingui();
  const { portfolio, portfolios = [] } = usePortfolioScope();
  const holdings = useQuery({ ...holdingsQuery(portfolio?.id ?? ''), enabled: portfolio !== null });
  const known = portfolio === null ? [] : (holdings.data ?? []);
  const value = valueOf({ holding, instrument }, portfolio?.id);
  const shown = portfolio === null ? portfolios : [portfolio];
  const data = [
    ...(portfolios.length > 1 ? [{ value: 'all', label: t`All portfolios` }] : []),
    ...shown.map((one) => ({ value: `portfolio ${one.id}`, label: t`All of ${one.name}` })),
    ...known.map((one) => ({
      value: `holding ${one.id}`,
      label: `${one.name} · ${one.account}`,
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
          portfolio: kind === 'portfolio' ? id : kind === 'all' ? undefined : portfolio?.id,
          holding: kind === 'holding' ? id : undefined,
          instrument: kind === 'instrument' ? id : undefined,
        });
      }}
    />
  );
};
