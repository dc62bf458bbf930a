import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { Note } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import type { Exposure } from '../look-through/queries.ts';
import classes from './instruments.module.css';
import type { Instrument } from './queries.ts';
import { useStaleFunds } from './refusal.ts';

type Fund = Exposure['funds'][number];
type Cadence = NonNullable<Fund['cadence']>;

const CADENCES: readonly Cadence[] = ['daily', 'weekly', 'monthly', 'quarterly'];

const useCadenceNames = (): Readonly<Record<Cadence, string>> => {
  const { t } = useLingui();
  return { daily: t`every day`, weekly: t`every week`, monthly: t`every month`, quarterly: t`every quarter` };
};

const IssuerPage = ({ url }: { url: string }) => (
  <a href={url} target="_blank" rel="noreferrer">
    <Trans>the issuer’s page</Trans>
  </a>
);

/** How old what is known of a fund is, with the way to a newer file. */
export const Freshness = ({ fund, url }: { fund: Fund | undefined; url: string | undefined }) => {
  const cadences = useCadenceNames();
  const published = fund?.cadence != null && <Trans>Its issuer publishes {cadences[fund.cadence]}.</Trans>;
  if (fund?.stale === true && fund.ageDays !== null) {
    return (
      <Note
        tone="warn"
        title={
          <Plural value={fund.ageDays} one="What it holds is # day old" other="What it holds is # days old" />
        }
        actions={
          <span className={classes['ways']}>
            {url !== undefined && <IssuerPage url={url} />}
            <Link to="/imports">
              <Trans>Import a newer file</Trans>
            </Link>
          </span>
        }
      >
        <p>{published}</p>
      </Note>
    );
  }
  if (published === false && url === undefined) return null;
  return (
    <p className={classes['source']}>
      {published} {url !== undefined && <IssuerPage url={url} />}
    </p>
  );
};

/** Notes how often an issuer publishes and where, so that an old file says so and leads there. */
export const SourceDialog = ({ instrument, onClose }: { instrument: Instrument; onClose: () => void }) => {
  const { t } = useLingui();
  const refresh = useStaleFunds();
  const cadences = useCadenceNames();
  const { metadata } = instrument;
  return (
    <Dialog title={<Trans>Where its file comes from</Trans>} onClose={onClose}>
      <Form
        initial={{ url: metadata.issuerUrl ?? '', cadence: metadata.constituentsRefreshCadence ?? '' }}
        check={(values) =>
          /^(https:\/\/[^\s/]+(\/\S*)?)?$/.test(values.url.trim())
            ? {}
            : { url: t`An address that begins with https://, or nothing.` }
        }
        rename={{ 'metadata.issuerUrl': 'url' }}
        action={<Trans>Save</Trans>}
        onCancel={onClose}
        submit={async ({ values, idempotencyKey }) => {
          const { issuerUrl: _, constituentsRefreshCadence: __, ...others } = metadata;
          const url = values.url.trim();
          const cadence = CADENCES.find((one) => one === values.cadence);
          await api('PATCH /api/instruments/:id', {
            params: { id: instrument.id },
            version: instrument.version,
            body: {
              metadata: {
                ...others,
                issuerUrl: url === '' ? undefined : url,
                constituentsRefreshCadence: cadence,
              },
            },
            idempotencyKey,
          });
          await refresh();
          onClose();
          toast(t`Saved.`);
        }}
      >
        <TextField name="url" label={<Trans>The issuer’s page (optional)</Trans>} placeholder="https://" />
        <FieldRow>
          <SelectField
            name="cadence"
            label={<Trans>It publishes</Trans>}
            options={[
              { value: '', label: t`not known` },
              ...CADENCES.map((value) => ({ value, label: cadences[value] })),
            ]}
          />
        </FieldRow>
      </Form>
    </Dialog>
  );
};
