import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DayField, DecimalField, FieldRow, Form, SelectField, useDecimalReader } from '../../ui/form.tsx';
import { Empty, Loaded, Section } from '../../ui/page.tsx';
import { textColumn, type TableColumn } from '../../ui/table-model.ts';
import { toast } from '../../ui/toasts.tsx';
import { refreshFigures } from '../ledger/queries.ts';
import { useEventWords } from './event-words.ts';

type Happened = Answer<'GET /api/instruments/:id/events'>['items'][number];
type Given = { readonly id: string; readonly name: string; readonly quoteUnit: string };

const SHOWN = 100;

/** The splits and dividends of an instrument, the newest first. */
export const eventsQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: ['prices', 'events', instrumentId],
    queryFn: ({ signal }) =>
      api('GET /api/instruments/:id/events', {
        params: { id: instrumentId },
        query: { limit: SHOWN },
        signal,
      }),
    select: (page) => page.items,
  });

/** Series, summaries and histories rest on what happened. */
const useRefresh = (): (() => Promise<void>) => {
  const client = useQueryClient();
  return useCallback(async () => {
    await client.invalidateQueries({ queryKey: ['prices'] });
    await refreshFigures(client);
  }, [client]);
};

const What = ({ one }: { one: Happened }) => {
  const words = useEventWords();
  return (
    <>
      {words(one)}
      {one.doubt !== null && <p>{one.doubt}</p>}
    </>
  );
};

const useColumns = (remove: (one: Happened) => void): readonly TableColumn<Happened>[] => {
  const { t } = useLingui();
  const format = useFormat();
  const words = useEventWords();
  return useMemo(
    () => [
      textColumn({
        id: 'date',
        label: t`Day`,
        width: 130,
        read: (one: Happened) => one.date,
        cell: (one: Happened) => format.day(one.date),
      }),
      textColumn({
        id: 'what',
        label: t`What happened`,
        width: 240,
        read: words,
        cell: (one: Happened) => <What one={one} />,
      }),
      textColumn({
        id: 'source',
        label: t`Source`,
        read: (one: Happened) => one.source ?? '',
        cell: (one: Happened) =>
          one.scope === 'private' ? (
            <Tag>
              <Trans>given by you</Trans>
            </Tag>
          ) : (
            one.source
          ),
      }),
      textColumn({
        id: 'remove',
        label: t`Actions`,
        read: () => '',
        cell: (one: Happened) =>
          one.canDelete && (
            <ActionIcon
              variant="subtle"
              aria-label={t`Delete ${words(one)} of ${format.day(one.date)}`}
              onClick={() => remove(one)}
            >
              <IconX size={16} />
            </ActionIcon>
          ),
      }),
    ],
    [t, format, words, remove],
  );
};

/** The ratio of a split, or what a dividend pays. */
const Figures = ({ isSplit, unit }: { isSplit: boolean; unit: string }) =>
  isSplit ? (
    <FieldRow>
      <DecimalField name="numerator" label={<Trans>New units</Trans>} required />
      <DecimalField name="denominator" label={<Trans>for old ones</Trans>} required />
    </FieldRow>
  ) : (
    <FieldRow>
      <DecimalField name="amount" label={<Trans>For one unit</Trans>} unit={unit} required />
      <DayField name="payDate" label={<Trans>Paid on</Trans>} />
    </FieldRow>
  );

/** Records a split or a dividend: an administrator’s counts for all, anybody else’s for themselves. */
const EventDialog = ({ instrument, onClose }: { instrument: Given; onClose: () => void }) => {
  const { t } = useLingui();
  const format = useFormat();
  const read = useDecimalReader();
  const refresh = useRefresh();
  return (
    <Dialog title={<Trans>A split or dividend of {instrument.name}</Trans>} onClose={onClose}>
      <Form
        initial={{
          type: 'dividend',
          date: format.today(),
          amount: '',
          payDate: '',
          numerator: '',
          denominator: '1',
        }}
        check={(values) => {
          const needs = (name: 'amount' | 'numerator' | 'denominator') =>
            read(values[name]) === null ? { [name]: t`A number such as 4 or 0.25.` } : {};
          return {
            ...(values.date === '' ? { date: t`Choose a day.` } : {}),
            ...(values.type === 'split'
              ? { ...needs('numerator'), ...needs('denominator') }
              : needs('amount')),
          };
        }}
        action={<Trans>Record</Trans>}
        onCancel={onClose}
        submit={async ({ values, idempotencyKey }) => {
          const { date, payDate } = values;
          const number = (name: 'amount' | 'numerator' | 'denominator') => read(values[name]) ?? '';
          await api('POST /api/instruments/:id/events', {
            params: { id: instrument.id },
            body:
              values.type === 'split'
                ? { type: 'split', date, numerator: number('numerator'), denominator: number('denominator') }
                : {
                    type: 'dividend',
                    date,
                    amount: number('amount'),
                    quoteUnit: instrument.quoteUnit,
                    ...(payDate === '' ? {} : { payDate }),
                  },
            idempotencyKey,
          });
          await refresh();
          onClose();
          toast(t`Recorded. Charts and histories follow.`);
        }}
      >
        {(values) => (
          <>
            <FieldRow>
              <SelectField
                name="type"
                label={<Trans>What happened</Trans>}
                options={[
                  { value: 'dividend', label: t`Dividend` },
                  { value: 'split', label: t`Split` },
                ]}
              />
              <DayField name="date" label={<Trans>Ex-date</Trans>} required />
            </FieldRow>
            <Figures isSplit={values['type'] === 'split'} unit={instrument.quoteUnit} />
          </>
        )}
      </Form>
    </Dialog>
  );
};

/** The splits and dividends of an instrument, recorded and deleted here. */
export const Events = ({ instrument }: { instrument: Given }) => {
  const { t } = useLingui();
  const [isGiving, setGiving] = useState(false);
  const query = useQuery(eventsQuery(instrument.id));
  const refresh = useRefresh();
  const remove = useCallback(
    (one: Happened) => {
      void api('DELETE /api/instruments/:id/events/:eventId', {
        params: { id: instrument.id, eventId: one.id },
      }).then(
        async () => {
          toast(t`Deleted. Charts and histories follow.`);
          await refresh();
        },
        () => toast(t`It could not be deleted.`, { tone: 'bad' }),
      );
    },
    [instrument.id, refresh, t],
  );
  const columns = useColumns(remove);
  const give = (
    <Button variant="default" onClick={() => setGiving(true)}>
      <Trans>Record one</Trans>
    </Button>
  );
  return (
    <Section title={<Trans>Splits and dividends</Trans>} actions={give}>
      <Loaded query={query} lines={3}>
        {(events) => (
          <DataTable
            label={t`Splits and dividends`}
            columns={columns}
            rows={events}
            rowKey={(one) => one.id}
            exportName="events"
            empty={
              <Empty title={<Trans>None is known</Trans>}>
                <Trans>
                  They come with the closes from some sources, from files, or are recorded by hand.
                </Trans>
              </Empty>
            }
          />
        )}
      </Loaded>
      {isGiving && <EventDialog instrument={instrument} onClose={() => setGiving(false)} />}
    </Section>
  );
};
