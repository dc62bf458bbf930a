import { Trans, useLingui } from '@lingui/react/macro';
import { SegmentedControl } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Bars } from '../../ui/chart/bars.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty, Section } from '../../ui/page.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import type { Candidate } from './overlap-queries.ts';
import classes from './overlap.module.css';

const route = getRouteApi('/app/look-through/overlap');

type Part = { readonly key: string; readonly name: string; readonly percent: number };
type Dimension = 'company' | 'country' | 'sector' | 'region';

/** Bars drawn; the table has all of them. */
const DRAWN = 15;

const partsOf = (candidate: Candidate, by: Dimension): readonly Part[] => {
  if (by === 'company') {
    return candidate.newCompanies.map(({ instrumentId, name, pct }) => ({
      key: instrumentId,
      name,
      percent: pct,
    }));
  }
  const weights = {
    country: candidate.newByCountry,
    sector: candidate.newBySector,
    region: candidate.newByRegion,
  }[by];
  return Object.entries(weights)
    .map(([name, percent]) => ({ key: name, name, percent }))
    .toSorted((one, other) => other.percent - one.percent);
};

const useColumns = (first: string): readonly TableColumn<Part>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({ id: 'name', label: first, width: 180, read: (one: Part) => one.name }),
      numberColumn({
        id: 'percent',
        label: t`Of the candidate`,
        unit: '%',
        read: (one: Part) => one.percent,
        write: format.percentFigure,
      }),
    ],
    [t, format, first],
  );
};

/** What a candidate holds in companies that are not held yet, along one dimension. */
export const NewParts = ({ candidate }: { candidate: Candidate }) => {
  const { t } = useLingui();
  const { by: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const by = asked ?? 'company';
  const names = { company: t`Company`, country: t`Country`, sector: t`Sector`, region: t`Region` };
  const parts = useMemo(() => partsOf(candidate, by), [candidate, by]);
  const columns = useColumns(names[by]);
  const items = useMemo(() => parts.slice(0, DRAWN).map(({ name, percent }) => ({ name, percent })), [parts]);
  const { instrument } = candidate;
  const label = t`New, per cent of the candidate`;
  const file = `new in ${instrument.ticker ?? instrument.name} by ${by}`;
  return (
    <Section title={<Trans>What would be new</Trans>}>
      <SegmentedControl
        size="xs"
        className={classes['views'] ?? ''}
        value={by}
        aria-label={t`New by`}
        data={[
          { value: 'company', label: names.company },
          { value: 'country', label: names.country },
          { value: 'sector', label: names.sector },
          { value: 'region', label: names.region },
        ]}
        onChange={(next) =>
          void navigate({
            search: (before) => ({
              ...before,
              by: next === 'country' || next === 'sector' || next === 'region' ? next : undefined,
            }),
            replace: true,
            resetScroll: false,
          })
        }
      />
      {parts.length === 0 ? (
        <Empty title={<Trans>Nothing: you own every company in it already</Trans>} />
      ) : (
        <Bars
          key={by}
          label={label}
          items={items}
          exportName={file}
          table={
            <DataTable
              label={label}
              columns={columns}
              rows={parts}
              rowKey={(one) => one.key}
              sort={{ id: 'percent', desc: true }}
              exportName={file}
            />
          }
        />
      )}
    </Section>
  );
};
