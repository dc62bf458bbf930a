import { useLingui } from '@lingui/react/macro';
import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../lib/preferences.tsx';
import { holdingsQuery } from '../ledger/queries.ts';
import type { Portfolio } from '../portfolios/queries.ts';
import classes from './performance.module.css';
import { PERIODS, type Asked, type PeriodName } from './performance-queries.ts';

const CUSTOM = 'custom';
/** Rates that are offered; the address takes any other. */
const FIXED = [0, 2, 4, 6, 8] as const;

export const usePeriodWords = (): ((name: PeriodName) => string) => {
  const { t } = useLingui();
  return (name) =>
    ({
      day: t`Today`,
      week: t`This week`,
      month: t`This month`,
      quarter: t`This quarter`,
      taxYear: t`This tax year`,
      year: t`This year`,
      start: t`Since the start`,
    })[name];
};

type ControlsProps = {
  readonly portfolio: Portfolio | null;
  readonly asked: Asked;
  readonly shown: { readonly from: string; readonly to: string } | undefined;
  readonly onChange: (asked: Asked) => void;
};

const PeriodPicker = ({ asked, shown, onChange }: ControlsProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const words = usePeriodWords();
  const isCustom = asked.from !== undefined;
  return (
    <>
      <NativeSelect
        label={t`Period`}
        size="sm"
        value={isCustom ? CUSTOM : (asked.period ?? 'start')}
        data={[
          ...PERIODS.map((name) => ({ value: name, label: words(name) })),
          { value: CUSTOM, label: t`From day to day` },
        ]}
        onChange={(event) => {
          const name = PERIODS.find((one) => one === event.currentTarget.value);
          onChange(
            name === undefined
              ? { ...asked, period: undefined, from: shown?.from, to: shown?.to }
              : { ...asked, period: name, from: undefined, to: undefined },
          );
        }}
      />
      {isCustom && (
        <div className={classes['days']}>
          {(['from', 'to'] as const).map((field) => (
            <TextInput
              key={field}
              type="date"
              size="sm"
              label={field === 'from' ? t`From the evening of` : t`To`}
              max={format.today()}
              value={asked[field] ?? ''}
              onChange={(event) => {
                const day = event.currentTarget.value;
                if (day !== '') onChange({ ...asked, [field]: day });
              }}
            />
          ))}
        </div>
      )}
    </>
  );
};

const namesOf = (names: readonly string[], kind: string) =>
  [...new Set(names)].toSorted().map((name) => ({ value: `${kind}:${name}`, label: name }));

const ScopePicker = ({ portfolio, asked, onChange }: ControlsProps & { portfolio: Portfolio }) => {
  const { t } = useLingui();
  const holdings = useQuery(holdingsQuery(portfolio.id)).data ?? [];
  const groups = [
    {
      group: t`Accounts`,
      items: namesOf(
        holdings.map((one) => one.account),
        'account',
      ),
    },
    {
      group: t`Sections`,
      items: namesOf(
        holdings.map((one) => one.section),
        'section',
      ),
    },
    {
      group: t`Themes`,
      items: namesOf(
        holdings.map((one) => one.theme),
        'theme',
      ),
    },
    {
      group: t`Wrappers`,
      items: ['ISA', 'LISA', 'JISA', 'SIPP', 'GIA', 'other'].map((name) => ({
        value: `wrapper:${name}`,
        label: name,
      })),
    },
    {
      group: t`Holdings`,
      items: holdings.map((one) => ({
        value: `holding:${one.id}`,
        label: `${one.name} · ${one.account}`,
      })),
    },
  ];
  return (
    <NativeSelect
      label={t`Of what`}
      size="sm"
      value={asked.scope ?? 'portfolio'}
      data={[
        { value: 'portfolio', label: t`All of ${portfolio.name}` },
        ...groups.filter(({ items }) => items.length > 0),
      ]}
      onChange={(event) => {
        const scope = event.currentTarget.value;
        onChange({ ...asked, scope: scope === 'portfolio' ? undefined : scope });
      }}
    />
  );
};

const BenchmarkPicker = ({ portfolio, asked, onChange }: ControlsProps) => {
  const { t } = useLingui();
  const holdings =
    useQuery({ ...holdingsQuery(portfolio?.id ?? ''), enabled: portfolio !== null }).data ?? [];
  const held = new Map(
    holdings.flatMap(({ instrument }) =>
      instrument === null || instrument.type === 'Cash'
        ? []
        : [[`instrument:${instrument.id}`, instrument.name]],
    ),
  );
  const rates = FIXED.map((rate) => ({ value: `rate:${rate}`, label: t`${rate} % per year` }));
  const known = new Set([...held.keys(), ...rates.map(({ value }) => value)]);
  const other = asked.benchmark !== undefined && !known.has(asked.benchmark);
  return (
    <NativeSelect
      label={t`Compared with`}
      size="sm"
      value={asked.benchmark ?? ''}
      data={[
        { value: '', label: t`Nothing` },
        ...(other ? [{ value: asked.benchmark ?? '', label: t`As in the address` }] : []),
        { group: t`A fixed rate`, items: rates },
        ...(held.size > 0
          ? [{ group: t`What is held`, items: [...held].map(([value, label]) => ({ value, label })) }]
          : []),
      ]}
      onChange={(event) => {
        const benchmark = event.currentTarget.value;
        onChange({ ...asked, benchmark: benchmark === '' ? undefined : benchmark });
      }}
    />
  );
};

/** Period, part and benchmark; all of them stand in the address. */
export const PerformanceControls = (props: ControlsProps) => (
  <div className={classes['controls']}>
    <PeriodPicker {...props} />
    {props.portfolio !== null && <ScopePicker {...props} portfolio={props.portfolio} />}
    <BenchmarkPicker {...props} />
  </div>
);
