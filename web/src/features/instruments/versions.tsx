import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { addressOf, api, fileOf, type Answer } from '../../lib/api.ts';
import { download } from '../../lib/download.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Failure, Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { formatName } from '../imports/format-names.ts';
import ledger from '../ledger/ledger.module.css';
import classes from './instruments.module.css';
import { useRefusal, useStaleFunds } from './refusal.ts';

type Version = Answer<'GET /api/instruments/:id/imports'>['items'][number];

const PAGE = 50;

/** Withdraws and restores versions; each act offers the other one as its undo. */
const useChanges = (): { busy: string | null; withdraw: Act; restore: Act } => {
  const { t } = useLingui();
  const format = useFormat();
  const refresh = useStaleFunds();
  const refused = useRefusal();
  const [busy, setBusy] = useState<string | null>(null);
  const change = useCallback(
    async (version: Version, how: 'withdraw' | 'restore', undo?: () => void): Promise<void> => {
      setBusy(version.importId);
      try {
        await api(`POST /api/imports/:id/${how}`, { params: { id: version.importId } });
        await refresh();
        const day = format.day(version.asOf);
        toast(
          how === 'withdraw' ? t`The file of ${day} no longer counts.` : t`The file of ${day} counts again.`,
          undo ? { undo } : {},
        );
      } catch (error) {
        refused(error);
      } finally {
        setBusy(null);
      }
    },
    [t, format, refresh, refused],
  );
  return useMemo(
    () => ({
      busy,
      withdraw: (version) => void change(version, 'withdraw', () => void change(version, 'restore')),
      restore: (version) => void change(version, 'restore', () => void change(version, 'withdraw')),
    }),
    [busy, change],
  );
};

type Act = (version: Version) => void;

const FileName = ({ version }: { version: Version }) => {
  const { t } = useLingui();
  const format = useFormat();
  const refused = useRefusal();
  const name = version.fileName ?? t`holdings-${version.asOf}`;
  const save = async (): Promise<void> => {
    try {
      const file = await fileOf(addressOf('/api/imports/:id/file', { id: version.importId }));
      download(name, file);
    } catch (error) {
      refused(error);
    }
  };
  const size = format.count(Math.max(1, Math.round(version.sizeBytes / 1024)));
  return (
    <span className={classes['fileCell']}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={t`Download ${name}`}
        onClick={() => void save()}
      >
        <IconDownload size={15} />
      </ActionIcon>
      <span className={ledger['name']}>
        <span className={classes['fileName']}>{name}</span>
        <span className={ledger['under']}>
          {formatName(version.format)} · <Trans>{size} kB</Trans>
        </span>
      </span>
    </span>
  );
};

const Status = ({ version, newest }: { version: Version; newest: boolean }) => {
  const format = useFormat();
  return (
    <span className={ledger['name']}>
      <span>
        {version.status === 'active' &&
          (newest ? (
            <Tag>
              <Trans>counts now</Trans>
            </Tag>
          ) : (
            <Trans>counts for its day</Trans>
          ))}
        {version.status === 'superseded' && <Trans>superseded</Trans>}
        {version.status === 'withdrawn' && (
          <Tag tone="warn">
            <Trans>withdrawn</Trans>
          </Tag>
        )}
      </span>
      {version.status !== 'active' && version.statusChangedAt !== null && (
        <span className={ledger['under']}>{format.time(version.statusChangedAt)}</span>
      )}
    </span>
  );
};

const By = ({ version }: { version: Version }) => {
  const format = useFormat();
  return (
    <span className={ledger['name']}>
      <span>
        {version.importedByYou ? <Trans>you</Trans> : <Trans>somebody else</Trans>}
        {version.scope === 'private' && (
          <>
            {' '}
            <Tag>
              <Trans>private</Trans>
            </Tag>
          </>
        )}
      </span>
      <span className={ledger['under']}>{format.time(version.createdAt)}</span>
    </span>
  );
};

const Change = ({ version, changes }: { version: Version; changes: ReturnType<typeof useChanges> }) => {
  const { t } = useLingui();
  const format = useFormat();
  const day = format.day(version.asOf);
  if (!version.mayChange) {
    return (
      <span className={ledger['under']}>
        <Trans>shared: an administrator’s to change</Trans>
      </span>
    );
  }
  const loading = changes.busy === version.importId;
  return version.status === 'withdrawn' ? (
    <Button
      size="compact-xs"
      variant="default"
      loading={loading}
      aria-label={t`Restore the file of ${day}`}
      onClick={() => changes.restore(version)}
    >
      <Trans>Restore</Trans>
    </Button>
  ) : (
    <Button
      size="compact-xs"
      variant="default"
      loading={loading}
      aria-label={t`Withdraw the file of ${day}`}
      onClick={() => changes.withdraw(version)}
    >
      <Trans>Withdraw</Trans>
    </Button>
  );
};

const useColumns = (
  changes: ReturnType<typeof useChanges>,
  newest: string | undefined,
): readonly TableColumn<Version>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({
        id: 'asOf',
        label: t`As of`,
        width: 100,
        read: (one: Version) => one.asOf,
        cell: (one: Version) => format.day(one.asOf),
      }),
      textColumn({
        id: 'status',
        label: t`Status`,
        read: (one: Version) => one.status,
        cell: (one: Version) => <Status version={one} newest={one.importId === newest} />,
      }),
      textColumn({
        id: 'file',
        label: t`File`,
        width: 200,
        read: (one: Version) => one.fileName ?? '',
        cell: (one: Version) => <FileName version={one} />,
      }),
      numberColumn({
        id: 'rows',
        label: t`Rows`,
        read: (one: Version) => one.rows,
        write: format.count,
      }),
      numberColumn({
        id: 'sum',
        label: t`Weights sum to`,
        unit: '%',
        read: (one: Version) => one.weightSumPct,
        write: format.percentFigure,
        cell: (one: Version) => (
          <span data-warn={one.forced} className={classes['sum']}>
            {format.percentFigure(one.weightSumPct)}
          </span>
        ),
      }),
      numberColumn({
        id: 'unsure',
        label: t`Unsure rows`,
        read: (one: Version) => one.unmatched,
        write: format.count,
      }),
      textColumn({
        id: 'by',
        label: t`Imported by`,
        read: (one: Version) => one.createdAt,
        cell: (one: Version) => <By version={one} />,
      }),
      {
        id: 'change',
        label: t`Change`,
        quiet: true,
        text: () => '',
        cell: (one) => <Change version={one} changes={changes} />,
      },
    ],
    [t, format, changes, newest],
  );
};

export const useVersions = (instrumentId: string, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: ['look-through', 'imports', instrumentId],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/instruments/:id/imports', {
        params: { id: instrumentId },
        query: { limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    enabled,
  });

/** Every file that was imported for a fund: which one counts, the file itself, and taking one back. */
export const Versions = ({ query }: { query: ReturnType<typeof useVersions> }) => {
  const { t } = useLingui();
  const changes = useChanges();
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useColumns(changes, rows.find((one) => one.status === 'active')?.importId);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (rows.length === 0) return null;
  return (
    <Section
      title={<Trans>Imported files</Trans>}
      lead={
        <Trans>
          For each day the newest file that is not withdrawn counts. Withdrawing one brings back the file
          before it.
        </Trans>
      }
    >
      <DataTable
        label={t`Imported files`}
        columns={columns}
        rows={rows}
        rowKey={(one) => one.importId}
        muted={(one) => one.status !== 'active'}
        exportName="imported files"
      />
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
    </Section>
  );
};
