import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { CoverageBar, FundBadge } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Section } from '../../ui/page.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import classes from './overlap.module.css';
import type { Overlap } from './queries.ts';

type Fund = Overlap['instruments'][number];

const useColumns = (onRemove: (id: string) => void): readonly TableColumn<Fund>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({
        id: 'name',
        label: t`Fund`,
        width: 180,
        read: (one: Fund) => one.name,
        cell: (one: Fund) => (
          <Link to="/markets/$instrumentId" params={{ instrumentId: one.id }} className={classes['plain']}>
            {one.name}
          </Link>
        ),
      }),
      textColumn({
        id: 'asOf',
        label: t`Constituents`,
        read: (one: Fund) => one.asOf ?? '',
        cell: (one: Fund) => <FundBadge asOf={one.asOf} />,
      }),
      numberColumn({
        id: 'coverage',
        label: t`Coverage`,
        read: (one: Fund) => one.coveragePct,
        write: format.percent,
        cell: (one: Fund) => <CoverageBar percent={one.coveragePct} label={one.name} />,
      }),
      {
        id: 'remove',
        label: t`Leave out`,
        quiet: true,
        text: () => '',
        cell: (one) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t`Leave ${one.name} out`}
            onClick={() => onRemove(one.id)}
          >
            <IconX size={15} />
          </ActionIcon>
        ),
      },
    ],
    [t, format, onRemove],
  );
};

/** The funds that are compared: the day and the coverage of what is known of each. */
export const ComparedFunds = ({
  funds,
  onRemove,
}: {
  funds: readonly Fund[];
  onRemove: (id: string) => void;
}) => {
  const { t } = useLingui();
  const columns = useColumns(onRemove);
  return (
    <Section title={<Trans>Funds compared</Trans>}>
      <DataTable
        label={t`Funds compared`}
        columns={columns}
        rows={funds}
        rowKey={(one) => one.id}
        exportName="funds compared"
      />
    </Section>
  );
};

/** How old and how whole that is on which the picture rests, in a line. */
export const CoverageLine = ({ overlap }: { overlap: Overlap }) => {
  const format = useFormat();
  const days = overlap.instruments.flatMap((one) => (one.asOf === null ? [] : [one.asOf])).toSorted();
  const [first] = days;
  const last = days.at(-1);
  const least = Math.min(...overlap.instruments.map((one) => one.coveragePct));
  return (
    <p className={classes['line']}>
      <Trans>As of {format.day(overlap.asOf)}</Trans>
      {first !== undefined && last !== undefined && (
        <>
          {' · '}
          {first === last ? (
            <Trans>constituents of {format.day(first)}</Trans>
          ) : (
            <Trans>
              constituents from {format.day(first)} to {format.day(last)}
            </Trans>
          )}
        </>
      )}
      {' · '}
      <Trans>coverage from {format.percent(least)}</Trans>
    </p>
  );
};
