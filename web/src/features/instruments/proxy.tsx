import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { meQuery } from '../../lib/session.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { DayField, FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { Note } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { InstrumentPicker } from './instrument-picker.tsx';
import type { Instrument } from './queries.ts';
import { useRefusal, useStaleFunds } from './refusal.ts';

type Proxy = NonNullable<Answer<'GET /api/instruments/:id/proxy'>['proxy']>;

/** What a fund is looked through as while its own holdings are not known. */
export const proxyQuery = (id: string) =>
  queryOptions({
    queryKey: ['look-through', 'proxy', id],
    queryFn: ({ signal }) => api('GET /api/instruments/:id/proxy', { params: { id }, signal }),
    select: (answer) => answer.proxy,
  });

/** The assumption in force, said wherever it counts, and taken back with an undo. */
export const ProxyNote = ({ proxy, instrument }: { proxy: Proxy; instrument: Instrument }) => {
  const { t } = useLingui();
  const format = useFormat();
  const refused = useRefusal();
  const refresh = useStaleFunds();
  const [busy, setBusy] = useState(false);
  const own = instrument.constituentsAsOf !== null;
  const params = { id: instrument.id };
  const putBack = async (): Promise<void> => {
    const { proxyInstrumentId, validFrom, note, scope } = proxy;
    await api('PUT /api/instruments/:id/proxy', {
      params,
      body: { proxyInstrumentId, validFrom, note: note ?? undefined, scope },
    })
      .then(refresh)
      .catch(refused);
  };
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await api('DELETE /api/instruments/:id/proxy', { params });
      await refresh();
      toast(t`${instrument.name} is no longer treated as ${proxy.proxyName}.`, {
        undo: () => void putBack(),
      });
    } catch (error) {
      refused(error);
    }
    setBusy(false);
  };
  return (
    <Note
      title={
        <Trans>
          Treated as{' '}
          <Link to="/markets/$instrumentId" params={{ instrumentId: proxy.proxyInstrumentId }}>
            {proxy.proxyName}
          </Link>
        </Trans>
      }
      actions={
        proxy.mayChange && (
          <Button size="xs" variant="default" loading={busy} onClick={() => void remove()}>
            <Trans>Remove</Trans>
          </Button>
        )
      }
    >
      <p>
        {proxy.scope === 'private' ? (
          <Trans>An assumption of yours.</Trans>
        ) : (
          <Trans>An assumption for everybody.</Trans>
        )}{' '}
        {own ? (
          <Trans>Its own file is imported, so that counts from its day on, and the assumption before.</Trans>
        ) : (
          <Trans>
            It is marked as an assumption wherever it counts, until a file of its own is imported.
          </Trans>
        )}{' '}
        {proxy.validFrom !== null && <Trans>It holds from {format.day(proxy.validFrom)}.</Trans>} {proxy.note}
      </p>
    </Note>
  );
};

const ProxyForm = ({
  instrument,
  proxy,
  onClose,
}: {
  instrument: Instrument;
  proxy: Instrument;
  onClose: () => void;
}) => {
  const { t } = useLingui();
  const refresh = useStaleFunds();
  const me = useQuery(meQuery);
  const mayShare = me.data?.role === 'admin' && instrument.scope === 'shared' && proxy.scope === 'shared';
  return (
    <Form
      initial={{ validFrom: '', note: '', scope: mayShare ? 'shared' : 'private' }}
      action={<Trans>Treat it as {proxy.name}</Trans>}
      onCancel={onClose}
      submit={async ({ values, idempotencyKey }) => {
        await api('PUT /api/instruments/:id/proxy', {
          params: { id: instrument.id },
          body: {
            proxyInstrumentId: proxy.id,
            validFrom: values.validFrom === '' ? undefined : values.validFrom,
            note: values.note.trim() === '' ? undefined : values.note.trim(),
            scope: values.scope === 'shared' ? 'shared' : 'private',
          },
          idempotencyKey,
        });
        await refresh();
        onClose();
        toast(t`${instrument.name} is treated as ${proxy.name}.`);
      }}
    >
      <FieldRow>
        <DayField name="validFrom" label={<Trans>From (optional)</Trans>} />
        {mayShare && (
          <SelectField
            name="scope"
            label={<Trans>For whom</Trans>}
            options={[
              { value: 'shared', label: t`Everybody` },
              { value: 'private', label: t`Only me` },
            ]}
          />
        )}
      </FieldRow>
      <TextField name="note" label={<Trans>Why (optional)</Trans>} placeholder={t`Tracks the same index`} />
    </Form>
  );
};

/** Lets a fund be looked through as another one: which, from when, and what that means. */
export const ProxyDialog = ({ instrument, onClose }: { instrument: Instrument; onClose: () => void }) => {
  const [proxy, setProxy] = useState<Instrument | null>(null);
  return (
    <Dialog title={<Trans>Treat {instrument.name} as another fund</Trans>} onClose={onClose}>
      <Note>
        <p>
          <Trans>
            While nothing is known about what a fund holds, it can be looked through as one that is much
            alike, such as another that tracks the same index. It is an assumption, and is marked as one
            wherever it counts.
          </Trans>
        </p>
      </Note>
      {proxy === null ? (
        <InstrumentPicker label={<Trans>Treat it as</Trans>} fundsOnly onPick={setProxy} />
      ) : (
        <ProxyForm instrument={instrument} proxy={proxy} onClose={onClose} />
      )}
    </Dialog>
  );
};
