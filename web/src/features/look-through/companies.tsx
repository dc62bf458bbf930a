import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Treemap, type TreemapBranch, type TreemapLeaf } from '../../ui/chart/treemap.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty, Section } from '../../ui/page.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { CompanyPaths } from './company-paths.tsx';
import classes from './look-through.module.css';
import type { Company, Exposure } from './queries.ts';

const route = getRouteApi('/app/look-through');

/** Companies with a square of their own; the others of a sector share one. */
const DRAWN = 400;
const REST = 'rest ';

/** Companies by sector for the treemap: the largest ones each, the others of a sector together. */
const branchesOf = (exposure: Exposure, others: (count: number) => string): TreemapBranch[] => {
  const drawn = exposure.byCompany.slice(0, DRAWN);
  const sectors = new Map<string, TreemapLeaf[]>();
  for (const company of drawn) {
    const leaf = {
      id: company.instrumentId,
      name: company.name,
      percent: company.pct,
      detail: company.country,
    };
    sectors.set(company.sector, [...(sectors.get(company.sector) ?? []), leaf]);
  }
  return Object.entries(exposure.bySector)
    .filter(([, percent]) => percent > 0)
    .map(([name, percent]) => {
      const leaves = sectors.get(name) ?? [];
      const rest = percent - leaves.reduce((sum, leaf) => sum + leaf.percent, 0);
      const count = exposure.byCompany.slice(DRAWN).filter((company) => company.sector === name).length;
      const label = leaves.length === 0 ? name : others(count);
      return {
        name,
        percent,
        leaves: rest > 0.01 ? [...leaves, { id: `${REST}${name}`, name: label, percent: rest }] : leaves,
      };
    })
    .toSorted((one, other) => other.percent - one.percent);
};

const fits = (company: Company, query: string | undefined, group: string | undefined): boolean => {
  if (group !== undefined && company.sector !== group && company.country !== group) return false;
  if (query === undefined) return true;
  const text = `${company.name} ${company.ticker ?? ''} ${company.country} ${company.sector}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

const CompanyName = ({ company, onPick }: { company: Company; onPick: (company: Company) => void }) => (
  <span className={classes['company']}>
    <button type="button" className={classes['companyName']} onClick={() => onPick(company)}>
      {company.name}
    </button>
    {company.ticker !== null && <span className={classes['under']}>{company.ticker}</span>}
  </span>
);

const useColumns = (onPick: (company: Company) => void): readonly TableColumn<Company>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({
        id: 'name',
        label: t`Company`,
        width: 200,
        read: (one: Company) => one.name,
        cell: (one: Company) => <CompanyName company={one} onPick={onPick} />,
      }),
      numberColumn({
        id: 'pct',
        label: t`Share`,
        unit: '%',
        read: (one: Company) => one.pct,
        write: format.percentFigure,
      }),
      textColumn({ id: 'sector', label: t`Sector`, read: (one: Company) => one.sector }),
      textColumn({ id: 'country', label: t`Country`, read: (one: Company) => one.country }),
      numberColumn({
        id: 'ways',
        label: t`Ways held`,
        read: (one: Company) => one.paths.length,
        write: format.count,
      }),
    ],
    [t, format, onPick],
  );
};

const Tools = ({ shown, exposure }: { shown: number; exposure: Exposure }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { q, group } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: { q?: string | undefined; group?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <>
      <TextInput
        size="xs"
        className={classes['filter'] ?? ''}
        leftSection={<IconSearch aria-hidden size={14} />}
        placeholder={t`Find a company`}
        aria-label={t`Find a company`}
        value={q ?? ''}
        onChange={(event) =>
          set({ q: event.currentTarget.value === '' ? undefined : event.currentTarget.value })
        }
      />
      {group !== undefined && (
        <Button
          size="compact-xs"
          variant="light"
          rightSection={<IconX size={13} />}
          onClick={() => set({ group: undefined })}
        >
          <Trans>Only {group}</Trans>
        </Button>
      )}
      <span className={classes['under']}>
        {exposure.byCompany.length < exposure.companyCount ? (
          <Trans>
            {format.count(shown)} of the {format.count(exposure.byCompany.length)} largest;{' '}
            {format.count(exposure.companyCount)} in all
          </Trans>
        ) : (
          <Trans>
            {format.count(shown)} of {format.count(exposure.companyCount)}
          </Trans>
        )}
      </span>
    </>
  );
};

/** The companies behind the funds: as a treemap, as a table, and by which ways each is held. */
export const Companies = ({ exposure, whole, name }: { exposure: Exposure; whole: string; name: string }) => {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const open = useCallback(
    (id: string | undefined): void =>
      void navigate({
        search: (before) => ({ ...before, company: id }),
        replace: id === undefined,
        resetScroll: false,
      }),
    [navigate],
  );
  const only = useCallback(
    (group: string): void =>
      void navigate({ search: (before) => ({ ...before, group }), resetScroll: false }),
    [navigate],
  );
  const pick = useCallback((company: Company) => open(company.instrumentId), [open]);
  const columns = useColumns(pick);
  const rows = useMemo(
    () => exposure.byCompany.filter((one) => fits(one, search.q, search.group)),
    [exposure, search.q, search.group],
  );
  const branches = useMemo(
    () => branchesOf(exposure, (count) => (count > 0 ? t`${count} others` : t`Others`)),
    [exposure, t],
  );
  const onLeaf = useCallback(
    (leaf: TreemapLeaf) => (leaf.id.startsWith(REST) ? only(leaf.id.slice(REST.length)) : open(leaf.id)),
    [open, only],
  );
  const onBranch = useCallback((branch: TreemapBranch) => only(branch.name), [only]);
  const chosen = exposure.byCompany.find((one) => one.instrumentId === search.company);
  const label = t`Companies`;
  return (
    <>
      <Treemap
        label={t`Largest companies by sector`}
        branches={branches}
        onLeaf={onLeaf}
        onBranch={onBranch}
        exportName={`companies ${name}`}
      />
      <Section title={label}>
        <DataTable
          label={label}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.instrumentId}
          sort={{ id: 'pct', desc: true }}
          exportName={`companies ${name}`}
          tools={<Tools shown={rows.length} exposure={exposure} />}
          empty={<Empty title={<Trans>No company fits that</Trans>} />}
        />
      </Section>
      {chosen && <CompanyPaths company={chosen} whole={whole} onClose={() => open(undefined)} />}
    </>
  );
};
