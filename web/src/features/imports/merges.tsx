import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Empty, Failure, PageHeader, Waiting } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { mergesQuery, type Merge } from '../instruments/merged.tsx';
import { useMovesWords } from '../instruments/moves-words.ts';
import { useRefusal, useStaleFunds } from '../instruments/refusal.ts';
import { LookThroughTabs } from '../look-through/tabs.tsx';
import classes from './reviews.module.css';

const route = getRouteApi('/app/imports/merges');

/** Parts what was merged; says why where that cannot be. */
const useUndo = () => {
  const { t } = useLingui();
  const refresh = useStaleFunds();
  const refused = useRefusal();
  const [busy, setBusy] = useState<string | null>(null);
  const undo = async (merge: Merge): Promise<void> => {
    setBusy(merge.id);
    try {
      await api('POST /api/identity-merges/:id/undo', { params: { id: merge.id }, version: merge.version });
      toast(t`${merge.from.name} and ${merge.into.name} are two again.`);
    } catch (error) {
      refused(error);
    }
    await refresh();
    setBusy(null);
  };
  return { busy, undo };
};

const Who = ({ merge }: { merge: Merge }) => {
  const format = useFormat();
  const when = format.time(merge.mergedAt);
  return merge.mergedByYou ? (
    <Trans>merged by you, {when}</Trans>
  ) : (
    <Trans>merged by somebody else, {when}</Trans>
  );
};

const Evidence = ({ evidence }: { evidence: Merge['evidence'] }) => {
  const format = useFormat();
  return (
    <ul className={classes['held']}>
      {evidence.map((one) => (
        <li key={one.reviewId}>
          <p className={classes['quiet']}>
            <Trans>
              Row {one.rowNumber} of {one.fileName ?? <Trans>its file</Trans>},{' '}
              <Link to="/markets/$instrumentId" params={{ instrumentId: one.fund.instrumentId }}>
                {one.fund.name}
              </Link>
              , {format.day(one.asOf)}
            </Trans>
          </p>
          {one.why !== '' && <p className={classes['why']}>{one.why}</p>}
        </li>
      ))}
    </ul>
  );
};

const Facts = ({ merge }: { merge: Merge }) => {
  const moves = useMovesWords()(merge.moved);
  if (merge.undoneAt !== null) return null;
  return (
    <dl className={classes['facts']}>
      <div>
        <dt>
          <Trans>What moved</Trans>
        </dt>
        <dd>{moves === '' ? <Trans>nothing that you can see</Trans> : moves}</dd>
      </div>
      <div>
        <dt>
          <Trans>Why</Trans>
        </dt>
        <dd>
          {merge.evidence.length === 0 ? (
            <Trans>Chosen by hand; no row of a file was in doubt.</Trans>
          ) : (
            <Evidence evidence={merge.evidence} />
          )}
          {merge.renamed && (
            <p className={classes['quiet']}>
              <Trans>It was renamed or moved: its old numbers are numbers of the past.</Trans>
            </p>
          )}
        </dd>
      </div>
    </dl>
  );
};

const Title = ({ merge }: { merge: Merge }) => {
  const { from, into } = merge;
  const second = (
    <Link to="/markets/$instrumentId" params={{ instrumentId: into.instrumentId }}>
      {into.name}
    </Link>
  );
  if (merge.undoneAt === null) {
    return (
      <Trans>
        {from.name} is {second}
      </Trans>
    );
  }
  return (
    <Trans>
      <Link to="/markets/$instrumentId" params={{ instrumentId: from.instrumentId }}>
        {from.name}
      </Link>{' '}
      and {second}
    </Trans>
  );
};

type EntryProps = { readonly merge: Merge; readonly busy: boolean; readonly onUndo: () => void };

const Entry = ({ merge, busy, onUndo }: EntryProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { from, into } = merge;
  return (
    <li className={classes['merge']} aria-labelledby={`merge-${merge.id}`} aria-busy={busy}>
      <div className={classes['mergeTop']}>
        <h2 id={`merge-${merge.id}`} className={classes['name']}>
          <Title merge={merge} />
        </h2>
        {merge.mayUndo && (
          <Button
            size="xs"
            variant="default"
            loading={busy}
            onClick={onUndo}
            aria-label={t`Undo: ${from.name} is ${into.name}`}
          >
            <Trans>Undo</Trans>
          </Button>
        )}
      </div>
      <p className={classes['quiet']}>
        <Who merge={merge} />{' '}
        {merge.scope === 'private' ? (
          <Tag>
            <Trans>private</Trans>
          </Tag>
        ) : (
          <Tag>
            <Trans>for everybody</Trans>
          </Tag>
        )}{' '}
        {merge.undoneAt !== null && (
          <Tag>
            <Trans>undone {format.time(merge.undoneAt)}</Trans>
          </Tag>
        )}
      </p>
      <Facts merge={merge} />
      {merge.undoneAt === null && !merge.mayUndo && (
        <p className={classes['quiet']}>
          <Trans>It counts for everybody, so only an administrator can undo it.</Trans>
        </p>
      )}
    </li>
  );
};

const Nothing = ({ one }: { one: boolean }) => (
  <Empty
    title={
      one ? <Trans>This one was merged with no other</Trans> : <Trans>No two securities were merged</Trans>
    }
    actions={
      <Button component={Link} to="/imports/review">
        <Trans>Unsure matches</Trans>
      </Button>
    }
  >
    <Trans>
      When you decide that a row is a known security, or merge two on the page of one of them, it is told
      here, with the way back.
    </Trans>
  </Empty>
);

/** Securities that were found to be one: which, who said so, when, what moved, on what evidence, and the way back. */
export const MergesPage = () => {
  const { instrument } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(mergesQuery(instrument));
  const merges = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const { busy, undo } = useUndo();
  return (
    <>
      <PageHeader
        trail={
          <Link to="/imports/review">
            <Trans>Unsure matches</Trans>
          </Link>
        }
        title={<Trans>Merged securities</Trans>}
        lead={
          <Trans>
            Securities that were found to be one. Everything that pointed to the first points to the second;
            no total changed.
          </Trans>
        }
      />
      <LookThroughTabs />
      {instrument !== undefined && (
        <Button
          size="compact-sm"
          variant="light"
          mb={8}
          rightSection={<IconX size={13} />}
          onClick={() => void navigate({ search: (before) => ({ ...before, instrument: undefined }) })}
        >
          <Trans>Only one instrument</Trans>
        </Button>
      )}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Waiting lines={6} />}
      {query.isSuccess &&
        (merges.length > 0 ? (
          <ul className={classes['list']}>
            {merges.map((merge) => (
              <Entry key={merge.id} merge={merge} busy={busy === merge.id} onUndo={() => void undo(merge)} />
            ))}
          </ul>
        ) : (
          <Nothing one={instrument !== undefined} />
        ))}
      {query.hasNextPage && (
        <Button
          mt={10}
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          <Trans>Show more</Trans>
        </Button>
      )}
    </>
  );
};
