import { Plural, Trans } from '@lingui/react/macro';
import { Button, Loader } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { PageHeader } from '../../ui/page.tsx';
import { InstrumentForm } from '../instruments/instrument-form.tsx';
import { InstrumentPicker } from '../instruments/instrument-picker.tsx';
import { LookThroughTabs } from '../look-through/tabs.tsx';
import { IncomingFile, isReady, type FundSource } from './incoming-file.tsx';
import classes from './imports.module.css';
import { addFiles, changeFile, storeAll, useIncoming, type Incoming } from './store.ts';

/** What a file chooser offers first; dropping takes anything, and what is no such file is refused in words. */
const READ =
  '.csv,.txt,.tsv,.xlsx,.xls,.xml,.json,text/csv,text/plain,application/json,text/xml,application/xml';

/** Chooses or creates the fund that a file belongs to. */
const FundDialog = ({
  incoming,
  from,
  onClose,
}: {
  incoming: Incoming;
  from: FundSource;
  onClose: () => void;
}) => {
  const suggested = incoming.preview?.fundName ?? '';
  const [creating, setCreating] = useState(from === 'new' ? suggested : null);
  const take = (fund: { id: string; name: string }): void => {
    changeFile(incoming.key, { fund: { id: fund.id, name: fund.name } });
    onClose();
  };
  return (
    <Dialog
      title={
        creating === null ? (
          <Trans>Which fund is {incoming.file.name}?</Trans>
        ) : (
          <Trans>Create the fund</Trans>
        )
      }
      onClose={onClose}
    >
      {creating === null ? (
        <InstrumentPicker
          label={<Trans>Which fund?</Trans>}
          onPick={take}
          onCreate={(typed) => setCreating(typed === '' ? suggested : typed)}
        />
      ) : (
        <InstrumentForm name={creating} onMade={take} onCancel={() => setCreating(null)} />
      )}
    </Dialog>
  );
};

/** Pictures that rest on constituents are fetched anew when a file has gone in. */
const useRefreshAfterImports = (files: readonly Incoming[]): void => {
  const client = useQueryClient();
  const done = files.filter((one) => one.state === 'done').length;
  // Files that go in together are followed by one question and not by one each.
  const isStoring = files.some((one) => one.state === 'storing');
  const seen = useRef(done);
  useEffect(() => {
    if (isStoring) return;
    if (done > seen.current) {
      for (const key of ['look-through', 'instruments']) void client.invalidateQueries({ queryKey: [key] });
    }
    seen.current = done;
  }, [done, isStoring, client]);
};

/** What is read, for people who wonder before they look for a file. */
const Formats = () => (
  <details className={classes['formats']}>
    <summary>
      <Trans>Which files are read</Trans>
    </summary>
    <ul>
      <li>
        <Trans>iShares in English, Italian, Spanish, German and French, as CSV, XLSX or XLS</Trans>
      </li>
      <li>
        <Trans>SPDR and Xtrackers as XLSX; Invesco, Vanguard and Amundi as CSV</Trans>
      </li>
      <li>
        <Trans>SEC Form N-PORT as XML, and Finnhub’s ETF holdings as JSON</Trans>
      </li>
      <li>
        <Trans>
          Any table or list with a weight in per cent and an ISIN, another number, a ticker or a name, as CSV,
          XLSX or JSON
        </Trans>
      </li>
    </ul>
  </details>
);

/** Issuers' files, several at once: each finds its fund by what is in it. */
export const ImportsPage = () => {
  const files = useIncoming();
  const [choosing, setChoosing] = useState<{ key: string; from: FundSource } | null>(null);
  const ready = files.filter(isReady);
  const read = files.filter((one) => one.state !== 'reading');
  const reading = files.length - read.length;
  const chosen = files.find((one) => one.key === choosing?.key);
  useRefreshAfterImports(files);
  return (
    <>
      <PageHeader
        title={<Trans>Import files</Trans>}
        lead={
          <Trans>
            The files that issuers publish about what their funds hold. Nothing is stored before you say so.
          </Trans>
        }
      />
      <LookThroughTabs />
      <FileDrop
        onFiles={addFiles}
        accept={READ}
        hint={
          <Trans>
            CSV, XLSX, XML or JSON, as the issuer publishes it. Drop several together: each is recognised and
            assigned by its content.
          </Trans>
        }
      />
      <Formats />
      <p className={classes['aside']}>
        <Trans>
          Exchange rates of the ECB go under <Link to="/markets/rates">Markets, exchange rates</Link>, what
          you bought and sold under <Link to="/imports/statements">Import a statement</Link>.
        </Trans>
      </p>
      {files.length > 0 && (
        <>
          <div className={classes['bar']}>
            <h2 className={classes['count']}>
              <Plural value={files.length} one="# file" other="# files" />
            </h2>
            {reading > 0 && (
              <span className={classes['reading']} role="status">
                <Loader size={14} /> <Plural value={reading} one="reading # file" other="reading # files" />
              </span>
            )}
            {ready.length > 1 && (
              <Button onClick={() => void storeAll(ready)}>
                <Plural value={ready.length} one="Import # file" other="Import # files" />
              </Button>
            )}
          </div>
          <ul className={classes['files']}>
            {read.map((one) => (
              <IncomingFile
                key={one.key}
                incoming={one}
                onAnother={(from) => setChoosing({ key: one.key, from })}
              />
            ))}
          </ul>
        </>
      )}
      {chosen && choosing && (
        <FundDialog incoming={chosen} from={choosing.from} onClose={() => setChoosing(null)} />
      )}
    </>
  );
};
