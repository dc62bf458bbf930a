import { Trans } from '@lingui/react/macro';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Answer } from '../../lib/api.ts';
import { Note } from '../../ui/page.tsx';
import type { Instrument } from './queries.ts';

export type Merge = Answer<'GET /api/identity-merges'>['items'][number];

const PAGE = 25;
/** More names than these are on a page of their own. */
const NAMED = 5;

/** Securities that were found to be one, the newest first; those of one instrument, or all. */
export const mergesQuery = (instrumentId: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['look-through', 'merges', instrumentId ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/identity-merges', {
        query: { instrumentId, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

/** The newest merges of an instrument, undone ones too. */
export const mergedQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: ['look-through', 'merged', instrumentId],
    queryFn: ({ signal }) =>
      api('GET /api/identity-merges', { query: { instrumentId, limit: PAGE }, signal }),
    select: (page) => page.items,
  });

/** On an instrument's page: what was found to be this one, with the way to the evidence and back. */
export const Merged = ({ merges, instrument }: { merges: readonly Merge[]; instrument: Instrument }) => {
  const given = merges.filter((one) => one.undoneAt === null && one.into.instrumentId === instrument.id);
  const names = [...new Set(given.map((one) => one.from.name))];
  if (names.length === 0) return null;
  const named = names.slice(0, NAMED).join(', ');
  return (
    <Note
      actions={
        <Link to="/imports/merges" search={{ instrument: instrument.id }}>
          <Trans>What was merged, and why</Trans>
        </Link>
      }
    >
      <p>
        {names.length > NAMED ? (
          <Trans>Found to be this one: {named} and others.</Trans>
        ) : (
          <Trans>Found to be this one: {named}.</Trans>
        )}
      </p>
    </Note>
  );
};
