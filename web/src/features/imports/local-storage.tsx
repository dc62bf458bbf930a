import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Failure, Note, PageHeader, Section } from '../../ui/page.tsx';
import { ImportTabs } from './import-tabs.tsx';
import classes from './statements.module.css';

type Report = Exclude<Answer<'POST /api/imports/local-storage'>, undefined>;

const Remarks = ({
  remarks,
}: {
  remarks: readonly { readonly field: string; readonly message: string }[];
}) => (
  <ul className={classes['rows']}>
    {remarks.map(({ field, message }, at) => (
      <li key={`${field} ${at}`}>
        <code>{field}</code>
        <span>{message}</span>
      </li>
    ))}
  </ul>
);

const Portfolios = ({ report }: { report: Report }) => (
  <ul className={classes['securities']}>
    {report.portfolios.map((one) => (
      <li key={one.sourceId} className={classes['security']}>
        <div>
          <strong>{one.name}</strong>
          <p className={classes['quiet']}>{one.isNew ? <Trans>new</Trans> : <Trans>here already</Trans>}</p>
        </div>
        <p>
          <Plural value={one.holdings} one="# new holding" other="# new holdings" />,{' '}
          <Plural value={one.trades} one="# new trade" other="# new trades" />
          {one.holdings > 0 && (
            <span className={classes['quiet']}>
              {' '}
              <Trans>({one.linked} with a known instrument)</Trans>
            </span>
          )}
        </p>
      </li>
    ))}
  </ul>
);

const Found = ({ report }: { report: Report }) => (
  <>
    {report.refused.length > 0 && (
      <Section
        title={<Plural value={report.refusedCount} one="# thing is refused" other="# things are refused" />}
        lead={<Trans>Nothing is taken over while one of these stands.</Trans>}
      >
        <Remarks remarks={report.refused} />
      </Section>
    )}
    {report.portfolios.length > 0 && (
      <Section title={<Trans>What will be made</Trans>}>
        <Portfolios report={report} />
      </Section>
    )}
    {report.changed.length > 0 && (
      <Section title={<Plural value={report.changedCount} one="# thing changes" other="# things change" />}>
        <Remarks remarks={report.changed} />
      </Section>
    )}
    {report.refused.length === 0 && !report.ready && (
      <p>
        <Trans>All of this is here already; taking it over again adds nothing.</Trans>
      </p>
    )}
  </>
);

const Taken = ({ report }: { report: Report }) => {
  const { t } = useLingui();
  return (
    <Note live title={t`It is taken over.`}>
      <p>
        <Plural value={report.made.portfolios} one="# portfolio" other="# portfolios" />,{' '}
        <Plural value={report.made.holdings} one="# holding" other="# holdings" />,{' '}
        <Plural value={report.made.trades} one="# trade" other="# trades" />.{' '}
        <Link to="/holdings">
          <Trans>See the holdings</Trans>
        </Link>
      </p>
    </Note>
  );
};

/** Data of the older version, which kept everything in the browser. */
export const LocalStoragePage = () => {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const body = (): Blob => new Blob([text], { type: 'application/json' });
  const preview = useMutation({
    mutationFn: () => api('POST /api/imports/local-storage', { query: { preview: true }, body: body() }),
  });
  const take = useMutation({
    mutationFn: () => api('POST /api/imports/local-storage', { body: body() }),
    onSuccess: () => client.invalidateQueries(),
  });
  const change = (next: string): void => {
    setText(next);
    preview.reset();
    take.reset();
  };
  return (
    <>
      <PageHeader
        title={<Trans>Take over the older version’s data</Trans>}
        lead={
          <Trans>
            The older version kept portfolios in the browser. Paste its data here, or drop it as a file; you
            see what will be made before anything is.
          </Trans>
        }
      />
      <ImportTabs />
      <div className={classes['json']}>
        <Textarea
          label={<Trans>The data, as JSON</Trans>}
          placeholder='{"portfolios": […]}'
          minRows={6}
          maxRows={14}
          autosize
          spellCheck={false}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
      </div>
      <FileDrop
        multiple={false}
        accept=".json,.txt,application/json"
        onFiles={([file]) => void file?.text().then(change)}
        hint={<Trans>A file with the same JSON</Trans>}
      />
      <div className={classes['buttons']}>
        <Button
          variant={preview.data?.ready === true ? 'default' : 'filled'}
          disabled={text.trim() === ''}
          loading={preview.isPending}
          onClick={() => preview.mutate()}
        >
          <Trans>Look at it</Trans>
        </Button>
        {preview.data?.ready === true && !take.isSuccess && (
          <Button loading={take.isPending} onClick={() => take.mutate()}>
            <Trans>Take it over</Trans>
          </Button>
        )}
      </div>
      {preview.isError && <Failure error={preview.error} />}
      {take.isError && <Failure error={take.error} />}
      {take.data !== undefined && <Taken report={take.data} />}
      {take.data === undefined && preview.data !== undefined && <Found report={preview.data} />}
    </>
  );
};
