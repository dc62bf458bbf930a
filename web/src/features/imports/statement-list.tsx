import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { ApiProblem } from '../../lib/problem.ts';
import { Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useRemoval } from '../ledger/removal.ts';
import classes from './statements.module.css';
import { statementImportsQuery, type StatementImport } from './statement-queries.ts';

/** Takes a statement back, and offers to bring it back again. */
export const useUndoStatement = () => {
  const { t } = useLingui();
  const client = useQueryClient();
  const removal = useRemoval();
  return useMutation({
    mutationFn: (id: string) => api('POST /api/imports/statements/:id/undo', { params: { id } }),
    onSuccess: async ({ deletionId }) => {
      await client.invalidateQueries();
      const undo = deletionId === null ? {} : { undo: () => void removal.restore(deletionId) };
      toast(t`The statement was taken back with all that it recorded.`, undo);
    },
    onError: (error) =>
      toast(error instanceof ApiProblem ? error.message : t`This could not be taken back.`, { tone: 'bad' }),
  });
};

const Line = ({ one }: { one: StatementImport }) => {
  const { t } = useLingui();
  const format = useFormat();
  const undo = useUndoStatement();
  const name = one.fileName ?? one.report.presetTitle;
  return (
    <li className={classes['security']}>
      <div>
        <strong>{name}</strong>
        <p className={classes['quiet']}>
          {one.report.account} · {format.time(one.createdAt)}
        </p>
      </div>
      <p>
        <Plural value={one.report.recorded} one="# row recorded" other="# rows recorded" />
        {one.state === 'undone' && (
          <>
            {' · '}
            <Trans>taken back</Trans>
          </>
        )}
      </p>
      {one.state === 'recorded' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={undo.isPending}
          aria-label={t`Take back ${name}`}
          onClick={() => undo.mutate(one.id)}
        >
          <Trans>Take back</Trans>
        </Button>
      )}
    </li>
  );
};

/** Statements recorded before. */
export const StatementList = () => {
  const query = useInfiniteQuery(statementImportsQuery);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={<Trans>Recorded before</Trans>}>
      <ul className={classes['securities']}>
        {items.map((one) => (
          <Line key={one.id} one={one} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          <Trans>Show more</Trans>
        </Button>
      )}
    </Section>
  );
};
