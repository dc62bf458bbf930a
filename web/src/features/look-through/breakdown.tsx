import { useLingui } from '@lingui/react/macro';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Bars, type BarItem } from '../../ui/chart/bars.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import type { Exposure } from './queries.ts';
import { largest, ranked, type Weight } from './weights.ts';

const route = getRouteApi('/app/look-through');

export type BreakdownKind = 'sector' | 'country' | 'region' | 'currency' | 'assetClass';

const MOST_BARS = 24;

const weightsOf = (exposure: Exposure, kind: BreakdownKind): Readonly<Record<string, number>> =>
  ({
    sector: exposure.bySector,
    country: exposure.byCountry,
    region: exposure.byRegion,
    currency: exposure.byCurrency,
    assetClass: exposure.byAssetClass,
  })[kind];

/** One way to divide the whole: bars of the largest shares, and all of them as a table. */
export const Breakdown = ({
  exposure,
  kind,
  label,
  heading,
  name,
}: {
  exposure: Exposure;
  kind: BreakdownKind;
  label: string;
  heading: string;
  name: string;
}) => {
  const { t } = useLingui();
  const format = useFormat();
  const navigate = route.useNavigate();
  const weights = weightsOf(exposure, kind);
  const items = useMemo(() => largest(weights, MOST_BARS, t`All others`), [weights, t]);
  const all = useMemo(() => ranked(weights), [weights]);
  const drills = kind === 'sector' || kind === 'country';
  const pick = useCallback(
    (item: BarItem): void => {
      if (item.rest !== true) {
        void navigate({ search: (before) => ({ ...before, by: undefined, group: item.name }) });
      }
    },
    [navigate],
  );
  const columns = useMemo(
    (): readonly TableColumn<Weight>[] => [
      textColumn({ id: 'name', label: heading, read: (one: Weight) => one.name }),
      numberColumn({
        id: 'percent',
        label: t`Share`,
        unit: '%',
        read: (one: Weight) => one.percent,
        write: format.percentFigure,
      }),
    ],
    [heading, t, format],
  );
  return (
    <Bars
      label={label}
      items={items}
      onPick={drills ? pick : undefined}
      exportName={`${kind} ${name}`}
      table={
        <DataTable
          label={label}
          columns={columns}
          rows={all}
          rowKey={(one) => one.name}
          exportName={`${kind} ${name}`}
        />
      }
    />
  );
};
