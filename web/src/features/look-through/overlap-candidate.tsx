import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Bars } from '../../ui/chart/bars.tsx';
import { CoverageBar, FundBadge } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Figure } from '../../ui/figure.tsx';
import type { How } from '../../ui/how.tsx';
import { Empty, Loaded, Section } from '../../ui/page.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { InstrumentPicker } from '../instruments/instrument-picker.tsx';
import look from './look-through.module.css';
import { NewParts } from './overlap-new.tsx';
import { LeftOut } from './overlap-notes.tsx';
import { portionsOf } from './overlap-changes.ts';
import { Purchase } from './overlap-purchase.tsx';
import { candidateQuery, type Candidate } from './overlap-queries.ts';
import classes from './overlap.module.css';

const route = getRouteApi('/app/look-through/overlap');

type Held = Candidate['byHeld'][number];

/** Funds drawn as bars; the table has all of them. */
const DRAWN = 15;

const usePortionWords = () => {
  const { t } = useLingui();
  return {
    held: t`in companies that you already own`,
    new: t`in companies that are new to you`,
    other: t`not in shares, or not known`,
  };
};

/** Where the figures of a candidate come from, in words. */
const useHows = (candidate: Candidate, portfolio: string) => {
  const { t } = useLingui();
  const format = useFormat();
  const { instrument } = candidate;
  const asOf = instrument.asOf === null ? undefined : format.day(instrument.asOf);
  const how =
    (title: string, formula: string): (() => How) =>
    () => ({
      title,
      formula,
      source: t`the issuers’ files, at their own weights`,
      ...(asOf === undefined ? {} : { asOf }),
      links: [{ label: instrument.name, to: `/markets/${instrument.instrumentId}` }],
    });
  return {
    overlap: how(
      t`Overlap with all you hold`,
      t`For every company that both ${instrument.name} and ${portfolio} hold: the smaller of the two weights. Added up.`,
    ),
    held: how(
      t`Already held`,
      t`The weights of ${instrument.name} in companies of which ${portfolio} holds any, however little. Added up.`,
    ),
    fresh: how(
      t`New`,
      t`The weights of ${instrument.name} in companies of which ${portfolio} holds nothing. Added up.`,
    ),
  };
};

const Portions = ({ candidate, portfolio }: { candidate: Candidate; portfolio: string }) => {
  const format = useFormat();
  const hows = useHows(candidate, portfolio);
  const words = usePortionWords();
  const portions = portionsOf(candidate);
  const whole = portions.reduce((sum, { percent }) => sum + percent, 0);
  return (
    <>
      <div className={classes['portions']} aria-hidden>
        {portions.map(({ kind, percent }) => (
          <span key={kind} data-portion={kind} style={{ inlineSize: `${(percent / whole) * 100}%` }} />
        ))}
      </div>
      <ul className={classes['key']}>
        {portions.map(({ kind, percent }) => (
          <li key={kind}>
            <span className={classes['swatch']} data-portion={kind} aria-hidden />
            {kind === 'other' ? (
              format.percent(percent)
            ) : (
              <Figure kind="percent" value={percent} how={kind === 'held' ? hows.held : hows.fresh} />
            )}{' '}
            {words[kind]}
          </li>
        ))}
      </ul>
    </>
  );
};

const Facts = ({ candidate, portfolio }: { candidate: Candidate; portfolio: string }) => {
  const format = useFormat();
  const hows = useHows(candidate, portfolio);
  return (
    <dl className={look['facts']}>
      <div>
        <dt>
          <Trans>Overlap with all you hold</Trans>
        </dt>
        <dd>
          <Figure kind="percent" value={candidate.overlapPct} how={hows.overlap} />
        </dd>
      </div>
      <div>
        <dt>
          <Trans>New companies</Trans>
        </dt>
        <dd>{format.count(candidate.newCompanyCount)}</dd>
      </div>
      <div>
        <dt>
          <Trans>In shares</Trans>
        </dt>
        <dd>{format.percent(candidate.equityPct)}</dd>
      </div>
    </dl>
  );
};

const useHeldColumns = (): readonly TableColumn<Held>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({ id: 'name', label: t`Fund`, width: 180, read: (one: Held) => one.name }),
      numberColumn({
        id: 'overlap',
        label: t`Overlap`,
        unit: '%',
        read: (one: Held) => one.overlapPct,
        write: format.percentFigure,
      }),
      numberColumn({
        id: 'held',
        label: t`Of it already in this fund`,
        unit: '%',
        read: (one: Held) => one.alreadyHeldPct,
        write: format.percentFigure,
      }),
    ],
    [t, format],
  );
};

const AgainstHeld = ({ candidate }: { candidate: Candidate }) => {
  const { t } = useLingui();
  const columns = useHeldColumns();
  const { byHeld, instrument } = candidate;
  const items = useMemo(
    () => byHeld.slice(0, DRAWN).map(({ name, overlapPct }) => ({ name, percent: overlapPct })),
    [byHeld],
  );
  if (byHeld.length === 0) return null;
  const label = t`Overlap with each fund you hold, per cent`;
  return (
    <Section title={<Trans>Against each fund you hold</Trans>}>
      <Bars
        label={label}
        items={items}
        exportName={`candidate ${instrument.ticker ?? instrument.name}`}
        table={
          <DataTable
            label={label}
            columns={columns}
            rows={byHeld}
            rowKey={(one) => one.instrumentId}
            sort={{ id: 'overlap', desc: true }}
            exportName={`candidate ${instrument.ticker ?? instrument.name}`}
          />
        }
      />
    </Section>
  );
};

const Answer = ({ candidate, portfolio }: { candidate: Candidate; portfolio: string }) => {
  const format = useFormat();
  const { instrument } = candidate;
  return (
    <>
      <p className={look['meta']}>
        <FundBadge asOf={instrument.asOf} />
        <span>
          <Trans>Coverage</Trans> <CoverageBar percent={instrument.coveragePct} label={instrument.name} />
        </span>
      </p>
      <p className={classes['headline']}>
        <Trans>
          {format.percent(candidate.alreadyHeldPct)} of {instrument.name} is in companies that {portfolio}{' '}
          already owns.
        </Trans>
      </p>
      <Portions candidate={candidate} portfolio={portfolio} />
      <Facts candidate={candidate} portfolio={portfolio} />
      <AgainstHeld candidate={candidate} />
      <NewParts candidate={candidate} />
      <Purchase candidate={candidate} />
      <LeftOut warnings={candidate.warnings} missing={candidate.missing} />
      <p className={classes['fine']}>
        <Trans>
          This compares what the files say. It is arithmetic, not advice: costs, taxes and aims are not in it.
        </Trans>
      </p>
    </>
  );
};

/** Chooses something that is not held yet, and says what it would add to the portfolio. */
export const CandidateView = ({ portfolio }: { portfolio: { id: string; name: string } | null }) => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [choosing, setChoosing] = useState(false);
  const chosen = search.candidate;
  const ready = portfolio !== null && chosen !== undefined;
  const query = useQuery({
    ...candidateQuery({
      portfolio: portfolio?.id ?? '',
      instrument: chosen ?? '',
      amount: search.amount,
      asOf: search.asOf,
    }),
    enabled: ready,
  });
  if (portfolio === null) return <Empty title={<Trans>Choose a portfolio above</Trans>} />;
  const choose = (
    <Button
      variant={ready ? 'default' : 'filled'}
      leftSection={<IconArrowsExchange size={16} />}
      onClick={() => setChoosing(true)}
    >
      {ready ? <Trans>Choose another fund</Trans> : <Trans>Choose a fund</Trans>}
    </Button>
  );
  return (
    <>
      {ready ? (
        <div className={look['controls']}>{choose}</div>
      ) : (
        <Empty title={<Trans>What would a fund add to {portfolio.name}?</Trans>} actions={choose}>
          <Trans>
            Choose any fund whose file is imported. You see how much of it you own already, and what would be
            new.
          </Trans>
        </Empty>
      )}
      {ready && (
        <Loaded query={query} lines={10}>
          {(candidate) => <Answer candidate={candidate} portfolio={portfolio.name} />}
        </Loaded>
      )}
      {choosing && (
        <Dialog title={<Trans>A fund to weigh up</Trans>} onClose={() => setChoosing(false)}>
          <InstrumentPicker
            label={<Trans>Which fund?</Trans>}
            fundsOnly
            onPick={(instrument) => {
              setChoosing(false);
              void navigate({
                search: (before) => ({ ...before, candidate: instrument.id }),
                resetScroll: false,
              });
            }}
          />
        </Dialog>
      )}
    </>
  );
};
