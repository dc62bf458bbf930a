import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Bars } from '../../ui/chart/bars.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Empty, Loaded, Section } from '../../ui/page.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { COVER_TARGETS } from './cover-targets.ts';
import look from './look-through.module.css';
import { LeftOut } from './overlap-notes.tsx';
import { coverQuery, type Cover } from './overlap-queries.ts';
import classes from './overlap.module.css';

const route = getRouteApi('/app/look-through/overlap');

const USUAL = '90';

type Fund = Cover['funds'][number];
type Other = Cover['others'][number];

const FundLink = ({ fund }: { fund: { instrumentId: string; name: string; ticker: string | null } }) => (
  <span className={look['company']}>
    <Link
      to="/markets/$instrumentId"
      params={{ instrumentId: fund.instrumentId }}
      className={classes['plain']}
    >
      {fund.name}
    </Link>
    {fund.ticker !== null && <span className={look['under']}>{fund.ticker}</span>}
  </span>
);

const useFundColumns = (): readonly TableColumn<Fund>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(() => {
    const share = (id: string, label: string, read: (one: Fund) => number): TableColumn<Fund> =>
      numberColumn({ id, label, unit: '%', read, write: format.percentFigure });
    return [
      textColumn({
        id: 'name',
        label: t`Fund`,
        width: 180,
        read: (one: Fund) => one.name,
        cell: (one: Fund) => <FundLink fund={one} />,
      }),
      share('adds', t`Adds`, (one) => one.addsPct),
      share('covered', t`Covered so far`, (one) => one.coveredPct),
      numberColumn({
        id: 'companies',
        label: t`Companies added`,
        read: (one: Fund) => one.addsCompanies,
        write: format.count,
      }),
      share('held', t`Share of the portfolio`, (one) => one.heldPct),
    ];
  }, [t, format]);
};

const useOtherColumns = (): readonly TableColumn<Other>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(() => {
    const share = (id: string, label: string, read: (one: Other) => number): TableColumn<Other> =>
      numberColumn({ id, label, unit: '%', read, write: format.percentFigure });
    return [
      textColumn({
        id: 'name',
        label: t`Fund`,
        width: 180,
        read: (one: Other) => one.name,
        cell: (one: Other) => <FundLink fund={one} />,
      }),
      share('covered', t`Of its shares in companies of the set`, (one) => one.coveredPct),
      share('held', t`Share of the portfolio`, (one) => one.heldPct),
    ];
  }, [t, format]);
};

const TheSet = ({ cover }: { cover: Cover }) => {
  const { t } = useLingui();
  const columns = useFundColumns();
  const items = useMemo(() => cover.funds.map(({ name, addsPct }) => ({ name, percent: addsPct })), [cover]);
  const label = t`What each fund adds to what is covered, per cent`;
  return (
    <Bars
      label={label}
      items={items}
      exportName="smallest set"
      table={
        <DataTable
          label={t`The set`}
          columns={columns}
          rows={cover.funds}
          rowKey={(one) => one.instrumentId}
          exportName="smallest set"
        />
      }
    />
  );
};

const Headline = ({ cover, portfolio }: { cover: Cover; portfolio: string }) => {
  const { t } = useLingui();
  const format = useFormat();
  const all = cover.funds.length + cover.others.length;
  const figure = (
    <Figure
      kind="percent"
      value={cover.coveredPct}
      how={() => ({
        title: t`What the set covers`,
        formula: t`What is held in shares through funds is ${format.percent(cover.equityPct)} of ${portfolio}. Covered is the part of it in companies of which a fund of the set holds any, however little.`,
        source: t`the issuers’ files, at their own weights`,
        asOf: format.day(cover.asOf),
      })}
    />
  );
  return (
    <p className={classes['headline']}>
      <Plural
        value={cover.funds.length}
        one={
          <>
            One fund of {all} holds {figure} of what all of them hold in shares.
          </>
        }
        other={
          <>
            # of {all} funds hold {figure} of what all of them hold in shares.
          </>
        }
      />
    </p>
  );
};

const Answer = ({ cover, portfolio }: { cover: Cover; portfolio: string }) => {
  const { t } = useLingui();
  const others = useOtherColumns();
  if (cover.funds.length === 0) {
    return (
      <>
        <Empty title={<Trans>No fund of this portfolio can be looked through</Trans>}>
          <Trans>Import the issuers’ files of the funds you hold.</Trans>
        </Empty>
        <LeftOut warnings={cover.warnings} missing={cover.missing} />
      </>
    );
  }
  return (
    <>
      <Headline cover={cover} portfolio={portfolio} />
      {cover.funds.length > 1 && (
        <p className={classes['sum']}>
          {cover.exact ? (
            <Trans>No smaller set reaches {cover.targetPct} %.</Trans>
          ) : (
            <Trans>Found step by step, the fund that adds most first: a smaller set may exist.</Trans>
          )}
        </p>
      )}
      <TheSet cover={cover} />
      {cover.others.length > 0 && (
        <Section
          title={<Trans>The other funds</Trans>}
          lead={<Trans>how much of each lies in companies that the set holds too</Trans>}
        >
          <DataTable
            label={t`The other funds`}
            columns={others}
            rows={cover.others}
            rowKey={(one) => one.instrumentId}
            sort={{ id: 'covered', desc: true }}
            exportName="other funds"
          />
        </Section>
      )}
      <LeftOut warnings={cover.warnings} missing={cover.missing} />
      <p className={classes['fine']}>
        <Trans>
          A company counts as covered however little of it the set holds, so weights may differ. This is
          arithmetic, not advice: it says which funds bring companies of their own, not which to keep.
        </Trans>
      </p>
    </>
  );
};

/** The fewest funds of the portfolio that hold most of what all of them hold. */
export const CoverView = ({ portfolio }: { portfolio: { id: string; name: string } | null }) => {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const target = search.target ?? USUAL;
  const query = useQuery({
    ...coverQuery(portfolio?.id ?? '', Number(target), search.asOf),
    enabled: portfolio !== null,
  });
  if (portfolio === null) return <Empty title={<Trans>Choose a portfolio above</Trans>} />;
  return (
    <>
      <div className={look['controls']}>
        <NativeSelect
          label={t`To cover at least`}
          value={target}
          data={COVER_TARGETS.map((value) => ({ value, label: `${value} %` }))}
          onChange={(event) => {
            const next = COVER_TARGETS.find((one) => one === event.currentTarget.value);
            void navigate({
              search: (before) => ({ ...before, target: next === USUAL ? undefined : next }),
              replace: true,
              resetScroll: false,
            });
          }}
        />
      </div>
      <Loaded query={query} lines={8}>
        {(cover) => <Answer cover={cover} portfolio={portfolio.name} />}
      </Loaded>
    </>
  );
};
