import { Plural, Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addressOf, api, fileOf } from '../../lib/api.ts';
import { download } from '../../lib/download.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Failure, Note, PageHeader, Section } from '../../ui/page.tsx';
import { ImportTabs } from './import-tabs.tsx';
import classes from './statements.module.css';

/** Everything that is one's own as a file, and back again into an empty account. */
export const ArchivePage = () => {
  const client = useQueryClient();
  const format = useFormat();
  const [file, setFile] = useState<File | null>(null);
  const save = useMutation({
    mutationFn: async () =>
      download(`portfolio-manager-${format.today()}.zip`, await fileOf(addressOf('/api/me/export'))),
  });
  const bring = useMutation({
    mutationFn: (chosen: File) => api('POST /api/imports/archive', { body: chosen }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <>
      <PageHeader
        title={<Trans>Archive</Trans>}
        lead={<Trans>All that you keep here, as one file that you can take anywhere.</Trans>}
      />
      <ImportTabs />
      <Section
        title={<Trans>Take everything out</Trans>}
        lead={
          <Trans>
            Portfolios, trades, prices of your own, history: as JSON and as CSV. No password or key is in it.
          </Trans>
        }
      >
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          <Trans>Save my archive</Trans>
        </Button>
        {save.isError && <Failure error={save.error} />}
      </Section>
      <Section
        title={<Trans>Bring an archive in</Trans>}
        lead={<Trans>Into an account that is still empty. All of it comes in, or nothing.</Trans>}
      >
        <FileDrop
          multiple={false}
          accept=".zip,application/zip"
          onFiles={([chosen]) => {
            setFile(chosen ?? null);
            bring.reset();
          }}
          hint={<Trans>The ZIP file that was saved here or on another install</Trans>}
        />
        {file !== null && !bring.isSuccess && (
          <div className={classes['buttons']}>
            <Button loading={bring.isPending} onClick={() => bring.mutate(file)}>
              <Trans>Bring in {file.name}</Trans>
            </Button>
          </div>
        )}
        {bring.isError && <Failure error={bring.error} />}
        {bring.data !== undefined && (
          <Note live title={<Trans>The archive is here.</Trans>}>
            <p>
              <Plural value={bring.data.portfolios} one="# portfolio" other="# portfolios" />,{' '}
              <Plural value={bring.data.holdings} one="# holding" other="# holdings" />,{' '}
              <Plural value={bring.data.trades} one="# trade" other="# trades" />.
            </p>
          </Note>
        )}
      </Section>
    </>
  );
};
