import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty, Loaded, PageHeader } from '../../ui/page.tsx';
import { textColumn, type TableColumn } from '../../ui/table-model.ts';
import { SettingsTabs } from '../identity/settings-tabs.tsx';
import { deletionsQuery, type Deletion } from './queries.ts';
import { useRemoval } from './removal.ts';

const RestoreButton = ({ deletion }: { deletion: Deletion }) => {
  const { t } = useLingui();
  const removal = useRemoval();
  const [busy, setBusy] = useState(false);
  const restore = async (): Promise<void> => {
    setBusy(true);
    await removal.restore(deletion.id);
    setBusy(false);
  };
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={busy}
      aria-label={t`Restore ${deletion.title}`}
      onClick={() => void restore()}
    >
      <Trans>Restore</Trans>
    </Button>
  );
};

const useColumns = (): readonly TableColumn<Deletion>[] => {
  const { t } = useLingui();
  const format = useFormat();
  const kinds = {
    portfolio: t`Portfolio`,
    holding: t`Holding`,
    trade: t`Trade`,
    import: t`Imported statement`,
  } as const;
  return [
    textColumn({ id: 'title', label: t`Deleted`, width: 150, read: (one: Deletion) => one.title }),
    {
      id: 'restore',
      quiet: true,
      label: t`Restore`,
      text: () => '',
      cell: (one) => <RestoreButton deletion={one} />,
    },
    textColumn({ id: 'kind', label: t`Kind`, read: (one: Deletion) => kinds[one.kind] }),
    textColumn({
      id: 'when',
      label: t`When`,
      read: (one: Deletion) => one.deletedAt,
      cell: (one: Deletion) => format.time(one.deletedAt),
    }),
    textColumn({
      id: 'until',
      label: t`Kept until`,
      read: (one: Deletion) => one.restorableUntil,
      cell: (one: Deletion) => format.time(one.restorableUntil),
    }),
  ];
};

/** What was deleted in the last 30 days, to be brought back. */
export const DeletedPage = () => {
  const { t } = useLingui();
  const columns = useColumns();
  const query = useQuery(deletionsQuery);
  return (
    <>
      <PageHeader
        title={<Trans>Recently deleted</Trans>}
        lead={
          <Trans>Restoring brings back exactly what one deletion took, with its trades and its cash.</Trans>
        }
      />
      <SettingsTabs />
      <Loaded query={query}>
        {({ items }) => (
          <DataTable
            label={t`Recently deleted`}
            columns={columns}
            rows={items}
            rowKey={(one) => one.id}
            empty={
              <Empty title={<Trans>Nothing was deleted in the last 30 days</Trans>}>
                <Trans>Portfolios, holdings and trades that you delete wait here before they are gone.</Trans>
              </Empty>
            }
          />
        )}
      </Loaded>
    </>
  );
};
