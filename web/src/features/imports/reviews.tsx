import { Trans, useLingui } from '@lingui/react/macro';
import { Button, SegmentedControl } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { api } from '../../lib/api.ts';
import { ApiOffline, ApiProblem } from '../../lib/problem.ts';
import { Empty, Failure, PageHeader, Waiting } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { LookThroughTabs } from '../look-through/tabs.tsx';
import { ReviewEntry, type EntryActs } from './review-entry.tsx';
import { reviewAct } from './review-keys.ts';
import { reviewsQuery, type Candidate, type Review, type ReviewStatus } from './review-queries.ts';
import classes from './reviews.module.css';

const route = getRouteApi('/app/imports/review');

type Refused = { readonly id: string; readonly words: string; readonly renamable: Candidate | undefined };

const wordsOf = (error: unknown): string | undefined =>
  error instanceof ApiProblem || error instanceof ApiOffline ? error.message : undefined;

/** Decides, and takes back; each decision offers its undo. */
const useDecisions = () => {
  const { t } = useLingui();
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const run = useCallback(
    async (review: Review, act: () => Promise<unknown>, candidate?: Candidate): Promise<void> => {
      setBusy(review.id);
      setRefused(null);
      try {
        await act();
      } catch (error) {
        const differs = error instanceof ApiProblem && error.code === 'numbers_differ';
        const words = wordsOf(error) ?? t`That did not work; nothing was changed.`;
        setRefused({ id: review.id, words, renamable: differs ? candidate : undefined });
      }
      for (const key of ['look-through', 'instruments']) {
        await client.invalidateQueries({ queryKey: [key] });
      }
      setBusy(null);
    },
    [client, t],
  );
  const takeBack = useCallback(
    (review: Review): void =>
      void run(review, async () => {
        const params = { id: review.id };
        await api('DELETE /api/identity-reviews/:id/decision', { params, version: review.version });
        toast(t`${review.row.name}: the question is open again.`);
      }),
    [run, t],
  );
  const acts = useMemo((): EntryActs => {
    const decide = async (review: Review, body: Decision, message: string): Promise<void> => {
      const params = { id: review.id };
      const decided = await api('POST /api/identity-reviews/:id/decision', {
        params,
        body,
        version: review.version,
      });
      toast(message, { undo: () => takeBack(decided) });
    };
    return {
      takeBack,
      same: (review, candidate, renamed) =>
        void run(
          review,
          async () =>
            decide(
              review,
              { decision: 'same', instrumentId: candidate.instrumentId, renamed },
              t`${review.row.name} is ${candidate.name}.`,
            ),
          candidate,
        ),
      different: (review) =>
        void run(review, async () =>
          decide(review, { decision: 'different' }, t`${review.row.name} stands by itself.`),
        ),
    };
  }, [run, takeBack, t]);
  return { acts, busy, refused };
};

type Decision = {
  readonly decision: 'same' | 'different';
  readonly instrumentId?: string;
  readonly renamed?: boolean | undefined;
};

const Keys = () => (
  <p className={classes['keys']}>
    <Trans>
      In the list: <kbd>J</kbd> <kbd>K</kbd> next and previous, <kbd>1</kbd>–<kbd>9</kbd> candidate,{' '}
      <kbd>S</kbd> the same, <kbd>D</kbd> different
    </Trans>
  </p>
);

/** The list with its keys: one entry is the active one, and keeps the focus when the one before it was decided. */
const ReviewList = ({ reviews }: { reviews: readonly Review[] }) => {
  const { acts, busy, refused } = useDecisions();
  const [wanted, setWanted] = useState(0);
  const [choice, setChoice] = useState<{ id: string; candidate: number } | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const entries = useRef(new Map<string, HTMLLIElement>());
  const at = Math.min(wanted, reviews.length - 1);
  const active = reviews[at];
  const chosenOf = (review: Review): number => (choice?.id === review.id ? choice.candidate : 0);
  // The entry that had the focus may be gone: the one in its place takes it.
  const held = useRef(false);
  useEffect(() => {
    if (held.current && document.activeElement === document.body && active) {
      entries.current.get(active.id)?.focus();
    }
  }, [active]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!active) return;
    const candidates = active.candidates.length;
    const act = reviewAct(event, { at, count: reviews.length, candidates });
    if (!act) return;
    if (act.kind === 'move') {
      event.preventDefault();
      const next = reviews[act.to];
      setWanted(act.to);
      if (next) entries.current.get(next.id)?.focus();
      return;
    }
    if (active.status !== 'open' || !active.mayDecide || busy !== null) return;
    event.preventDefault();
    const candidate = active.candidates[chosenOf(active)];
    if (act.kind === 'choose') setChoice({ id: active.id, candidate: act.candidate });
    else if (act.kind === 'different') acts.different(active);
    else if (candidate) acts.same(active, candidate);
  };
  return (
    <ul
      ref={list}
      className={classes['list']}
      onKeyDown={onKeyDown}
      onFocus={() => {
        held.current = true;
      }}
      onBlur={(event) => {
        const next = event.relatedTarget;
        held.current = next === null || (list.current?.contains(next) ?? false);
      }}
    >
      {reviews.map((review, index) => (
        <ReviewEntry
          key={review.id}
          hold={(element) => {
            if (element) entries.current.set(review.id, element);
            else entries.current.delete(review.id);
          }}
          review={review}
          active={index === at}
          chosen={chosenOf(review)}
          busy={busy === review.id}
          refusal={refused?.id === review.id ? refused : undefined}
          acts={acts}
          onFocus={() => setWanted(index)}
        />
      ))}
    </ul>
  );
};

const Nothing = ({ status }: { status: ReviewStatus }) =>
  status === 'open' ? (
    <Empty
      title={<Trans>Nothing to decide</Trans>}
      actions={
        <Button component={Link} to="/imports">
          <Trans>Import files</Trans>
        </Button>
      }
    >
      <Trans>
        When a row of an issuer’s file may be a security that is known already, but not surely, it waits here.
      </Trans>
    </Empty>
  ) : (
    <Empty title={<Trans>No such decision yet</Trans>} />
  );

const isStatus = (text: string): text is ReviewStatus => ['open', 'same', 'different'].includes(text);

const Head = () => (
  <PageHeader
    title={<Trans>Unsure matches</Trans>}
    actions={
      <Link to="/imports/merges">
        <Trans>Merged securities</Trans>
      </Link>
    }
    lead={
      <Trans>
        Rows that may be a security known already. Until you decide they stand by themselves; a decision is
        remembered for later files, and can be taken back.
      </Trans>
    }
  />
);

/** Rows of issuers' files that may be a known security: decided by a person, remembered, and undoable. */
export const ReviewsPage = () => {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const status = search.show ?? 'open';
  const query = useInfiniteQuery(reviewsQuery({ status, importId: search.file }));
  const reviews = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return (
    <>
      <Head />
      <LookThroughTabs />
      <div className={classes['bar']}>
        <SegmentedControl
          size="xs"
          value={status}
          aria-label={t`Which questions`}
          data={[
            { value: 'open', label: t`Open` },
            { value: 'same', label: t`Decided: same` },
            { value: 'different', label: t`Decided: different` },
          ]}
          onChange={(next) =>
            void navigate({
              search: (before) => ({ ...before, show: isStatus(next) && next !== 'open' ? next : undefined }),
            })
          }
        />
        {search.file !== undefined && (
          <Button
            size="compact-sm"
            variant="light"
            rightSection={<IconX size={13} />}
            onClick={() => void navigate({ search: (before) => ({ ...before, file: undefined }) })}
          >
            <Trans>Only one file</Trans>
          </Button>
        )}
        {status === 'open' && reviews.length > 0 && <Keys />}
      </div>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Waiting lines={6} />}
      {query.isSuccess &&
        (reviews.length > 0 ? (
          <ReviewList key={`${status} ${search.file ?? ''}`} reviews={reviews} />
        ) : (
          <Nothing status={status} />
        ))}
      {query.hasNextPage && (
        <Button
          mt={10}
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          <Trans>More</Trans>
        </Button>
      )}
    </>
  );
};
