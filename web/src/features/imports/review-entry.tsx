import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Note } from '../../ui/page.tsx';
import { agreementOf, traitsOf, type Trait } from './agreement.ts';
import type { Candidate, Review } from './review-queries.ts';
import classes from './reviews.module.css';

const TRAITS: readonly Trait[] = ['ticker', 'isin', 'cusip', 'sedol', 'country'];

const useTraitNames = (): Readonly<Record<Trait, string>> => {
  const { t } = useLingui();
  return { ticker: t`Ticker`, isin: t`ISIN`, cusip: t`CUSIP`, sedol: t`SEDOL`, country: t`Country` };
};

const Line = ({ name, children, mark }: { name: string; children: ReactNode; mark?: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {children}
      {mark}
    </dd>
  </div>
);

/** The row as the issuer wrote it. */
const Published = ({ review }: { review: Review }) => {
  const { t } = useLingui();
  const names = useTraitNames();
  const { row } = review;
  const others: readonly (readonly [string, string | null])[] = [
    [t`Exchange`, row.exchange],
    [t`Sector`, row.sector],
    [t`Currency`, row.currency],
  ];
  return (
    <div className={classes['side']}>
      <p className={classes['role']}>
        <Trans>As the issuer wrote it</Trans>
      </p>
      <h2 id={`review-${review.id}`} className={classes['name']}>
        {row.name}
      </h2>
      <dl className={classes['traits']}>
        {TRAITS.map(
          (trait) =>
            row[trait] !== null && (
              <Line key={trait} name={names[trait]}>
                {row[trait]}
              </Line>
            ),
        )}
        {others.map(
          ([name, value]) =>
            value !== null && (
              <Line key={name} name={name}>
                {value}
              </Line>
            ),
        )}
      </dl>
    </div>
  );
};

const Mark = ({ review, candidate, trait }: { review: Review; candidate: Candidate; trait: Trait }) => {
  const { t } = useLingui();
  const agreement = agreementOf(review.row, candidate, trait);
  if (agreement === 'unknown') return null;
  return agreement === 'agrees' ? (
    <span className={classes['mark']} data-mark="agrees" title={t`agrees with the row`}>
      <IconCheck aria-hidden size={14} />
      <span className="sr-only">{t`agrees with the row`}</span>
    </span>
  ) : (
    <span className={classes['mark']} data-mark="differs" title={t`differs from the row`}>
      <IconX aria-hidden size={14} />
      <span className="sr-only">{t`differs from the row`}</span>
    </span>
  );
};

const HeldIn = ({ candidate }: { candidate: Candidate }) => {
  const { t } = useLingui();
  const format = useFormat();
  if (candidate.heldIn.length === 0) return null;
  return (
    <Line name={t`Held in`}>
      <ul className={classes['held']}>
        {candidate.heldIn.map((fund) => (
          <li key={fund.instrumentId}>
            <Link to="/markets/$instrumentId" params={{ instrumentId: fund.instrumentId }}>
              {fund.name}
            </Link>
            , {format.day(fund.asOf)}
          </li>
        ))}
      </ul>
    </Line>
  );
};

type CandidateProps = {
  readonly review: Review;
  readonly candidate: Candidate;
  readonly number: number;
  readonly chosen: boolean;
  readonly busy: boolean;
  readonly onSame: () => void;
};

const CandidateSide = ({ review, candidate, number, chosen, busy, onSame }: CandidateProps) => {
  const { t } = useLingui();
  const names = useTraitNames();
  const traits = traitsOf(candidate);
  const markets = [
    ...new Set(candidate.listings.flatMap((one) => (one.exchange === null ? [] : [one.exchange]))),
  ];
  const may = review.status === 'open' && review.mayDecide;
  return (
    <div className={classes['side']} data-chosen={may && chosen}>
      <p className={classes['role']}>
        {review.chosenInstrumentId === candidate.instrumentId && review.status === 'same' ? (
          <Trans>Decided: the same as</Trans>
        ) : (
          <Trans>Candidate {number}</Trans>
        )}
      </p>
      <p className={classes['name']}>
        <Link to="/markets/$instrumentId" params={{ instrumentId: candidate.instrumentId }}>
          {candidate.name}
        </Link>
      </p>
      <dl className={classes['traits']}>
        {TRAITS.map(
          (trait) =>
            traits[trait].length > 0 && (
              <Line
                key={trait}
                name={names[trait]}
                mark={<Mark review={review} candidate={candidate} trait={trait} />}
              >
                {traits[trait].join(', ')}
              </Line>
            ),
        )}
        {markets.length > 0 && <Line name={t`Exchange`}>{markets.join(', ')}</Line>}
        <Line name={t`Currency`}>{candidate.currency}</Line>
        {candidate.otherNames.length > 0 && (
          <Line name={t`Other names`}>{candidate.otherNames.slice(0, 4).join('; ')}</Line>
        )}
        <HeldIn candidate={candidate} />
      </dl>
      {candidate.why !== '' && <p className={classes['why']}>{candidate.why}</p>}
      {may && (
        <Button
          size="xs"
          variant={chosen ? 'filled' : 'default'}
          disabled={busy}
          onClick={onSame}
          aria-label={t`The same: ${review.row.name} is ${candidate.name}`}
        >
          <Trans>The same</Trans>
        </Button>
      )}
    </div>
  );
};

export type EntryActs = {
  readonly same: (review: Review, candidate: Candidate, renamed?: boolean) => void;
  readonly different: (review: Review) => void;
  readonly takeBack: (review: Review) => void;
};

type EntryProps = {
  /** Takes the element, to give it the focus. */
  readonly hold: (element: HTMLLIElement | null) => void;
  readonly review: Review;
  readonly active: boolean;
  /** Place of the candidate that `s` takes. */
  readonly chosen: number;
  readonly busy: boolean;
  readonly refusal: { readonly words: string; readonly renamable: Candidate | undefined } | undefined;
  readonly acts: EntryActs;
  readonly onFocus: () => void;
};

const Refusal = ({ review, refusal, acts }: Pick<EntryProps, 'review' | 'refusal' | 'acts'>) => {
  if (!refusal) return null;
  const { renamable } = refusal;
  return (
    <Note
      tone="bad"
      live
      actions={
        renamable && (
          <Button size="xs" variant="default" onClick={() => acts.same(review, renamable, true)}>
            <Trans>It was renamed: join them</Trans>
          </Button>
        )
      }
    >
      <p>{refusal.words}</p>
    </Note>
  );
};

const Decision = ({ review, busy, acts }: Pick<EntryProps, 'review' | 'busy' | 'acts'>) => {
  const { t } = useLingui();
  const format = useFormat();
  if (!review.mayDecide) {
    return (
      <p className={classes['quiet']}>
        <Trans>
          This is about what everybody sees, so an administrator decides it. Until then the row stands by
          itself.
        </Trans>
      </p>
    );
  }
  if (review.status === 'open') {
    return (
      <Button
        size="xs"
        variant="default"
        disabled={busy}
        onClick={() => acts.different(review)}
        aria-label={t`Different: ${review.row.name} stands by itself`}
      >
        <Trans>Different</Trans>
      </Button>
    );
  }
  return (
    <>
      <span className={classes['quiet']}>
        {review.decidedAt !== null &&
          (review.decidedByYou ? (
            <Trans>decided by you, {format.time(review.decidedAt)}</Trans>
          ) : (
            <Trans>decided by somebody else, {format.time(review.decidedAt)}</Trans>
          ))}
      </span>
      <Button size="xs" variant="default" disabled={busy} onClick={() => acts.takeBack(review)}>
        <Trans>Take the decision back</Trans>
      </Button>
    </>
  );
};

/** One row in doubt beside what it may be. */
export const ReviewEntry = (props: EntryProps) => {
  const { review, active, chosen, busy, acts, hold, onFocus, refusal } = props;
  const format = useFormat();
  const { row } = review;
  return (
    <li
      ref={hold}
      className={classes['entry']}
      data-active={active}
      tabIndex={active ? 0 : -1}
      aria-busy={busy}
      aria-labelledby={`review-${review.id}`}
      onFocus={onFocus}
    >
      <p className={classes['quiet']}>
        <Trans>
          {format.percent(row.weightPct)} of{' '}
          <Link to="/markets/$instrumentId" params={{ instrumentId: review.fund.instrumentId }}>
            {review.fund.name}
          </Link>
          , row {row.number} of {review.fileName ?? <Trans>its file</Trans>}, {format.day(review.asOf)}
        </Trans>{' '}
        {review.scope === 'private' && (
          <Tag>
            <Trans>private</Trans>
          </Tag>
        )}{' '}
        {review.status === 'different' && (
          <Tag>
            <Trans>decided: different</Trans>
          </Tag>
        )}
      </p>
      <div className={classes['sides']}>
        <Published review={review} />
        {review.candidates.map((candidate, at) => (
          <CandidateSide
            key={candidate.instrumentId}
            review={review}
            candidate={candidate}
            number={at + 1}
            chosen={at === chosen}
            busy={busy}
            onSame={() => acts.same(review, candidate)}
          />
        ))}
      </div>
      <Refusal review={review} refusal={refusal} acts={acts} />
      <div className={classes['decide']}>
        <Decision review={review} busy={busy} acts={acts} />
      </div>
    </li>
  );
};
