import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import {
  DayField,
  DecimalField,
  FieldRow,
  Form,
  NotesField,
  SelectField,
  useDecimalReader,
} from '../../ui/form.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import settings from '../identity/settings.module.css';
import { useRefusal } from '../instruments/refusal.ts';
import { useCurrencyOptions } from '../market-data/currencies.ts';
import { refreshFigures, type Holding } from './queries.ts';

type Debt = Answer<'PATCH /api/debts/:id'>;

const PAGE = 200;

const debtsQuery = (holdingId: string) =>
  queryOptions({
    queryKey: ['holding', holdingId, 'debts'],
    queryFn: ({ signal }) =>
      api('GET /api/holdings/:id/debts', { params: { id: holdingId }, query: { limit: PAGE }, signal }),
  });

type Values = {
  readonly amount: string;
  readonly currency: string;
  readonly date: string;
  readonly notes: string;
};

const save = async (
  holding: Holding,
  debt: Debt | undefined,
  values: Values,
  idempotencyKey: string,
): Promise<void> => {
  const { date, currency, amount } = values;
  const notes = values.notes.trim();
  if (debt === undefined) {
    await api('POST /api/holdings/:id/debts', {
      params: { id: holding.id },
      body: { date, amount, currency, ...(notes === '' ? {} : { notes }) },
      idempotencyKey,
    });
    return;
  }
  await api('PATCH /api/debts/:id', {
    params: { id: debt.id },
    version: debt.version,
    body: { date, amount, currency, notes: notes === '' ? null : notes },
  });
};

/** Says what is owed against a holding from a day on, or corrects it. */
export const DebtDialog = ({
  holding,
  debt,
  onClose,
}: {
  holding: Holding;
  debt?: Debt;
  onClose: () => void;
}) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const format = useFormat();
  const read = useDecimalReader();
  const currencies = useCurrencyOptions();
  const usual = holding.valuation.owed?.currency ?? holding.costCurrency;
  return (
    <Dialog title={<Trans>What is owed against it</Trans>} onClose={onClose}>
      <Form
        initial={{
          amount: debt?.amount ?? '',
          currency: debt?.currency ?? usual,
          date: debt?.date ?? format.today(),
          notes: debt?.notes ?? '',
        }}
        check={(values) => ({
          ...(read(values.amount) === null ? { amount: t`An amount such as 210000, or 0.` } : {}),
          ...(values.date === '' ? { date: t`Choose a day.` } : {}),
        })}
        action={<Trans>Save</Trans>}
        onCancel={onClose}
        submit={async (submission) => {
          await save(
            holding,
            debt,
            { ...submission.values, amount: read(submission.values.amount) ?? '' },
            submission.idempotencyKey,
          );
          await refreshFigures(client);
          onClose();
          toast(t`Saved. Values follow.`);
        }}
      >
        <FieldRow>
          <DecimalField
            name="amount"
            label={<Trans>Amount owed</Trans>}
            hint={<Trans>0 when it is paid off</Trans>}
            required
            autoFocus
          />
          <SelectField name="currency" label={<Trans>Currency</Trans>} options={currencies} />
        </FieldRow>
        <DayField
          name="date"
          label={<Trans>From</Trans>}
          hint={<Trans>It counts from this day until the next amount.</Trans>}
          max={format.today()}
        />
        <NotesField name="notes" label={<Trans>Notes</Trans>} />
      </Form>
    </Dialog>
  );
};

const DebtItem = ({ holding, debt, editable }: { holding: Holding; debt: Debt; editable: boolean }) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const format = useFormat();
  const refused = useRefusal();
  const [editing, setEditing] = useState(false);
  const day = format.day(debt.date);
  const again = async (): Promise<void> => {
    const { date, amount, currency, notes } = debt;
    await api('POST /api/holdings/:id/debts', {
      params: { id: holding.id },
      body: { date, amount, currency, ...(notes === null ? {} : { notes }) },
    });
    await refreshFigures(client);
  };
  const remove = async (): Promise<void> => {
    await api('DELETE /api/debts/:id', { params: { id: debt.id }, version: debt.version });
    await refreshFigures(client);
    toast(t`The amount of ${day} is taken away.`, { undo: () => void again().catch(refused) });
  };
  return (
    <li className={settings['item']}>
      <div className={settings['what']}>
        <strong>{format.money(debt.amount, debt.currency)}</strong> <Trans>from {day}</Trans>
        {debt.notes !== null && <p className={settings['quiet']}>{debt.notes}</p>}
      </div>
      {editable && (
        <div className={settings['acts']}>
          <Button
            size="xs"
            variant="default"
            aria-label={t`Change the amount of ${day}`}
            onClick={() => setEditing(true)}
          >
            <Trans>Change</Trans>
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={t`Take the amount of ${day} away`}
            onClick={() => void remove().catch(refused)}
          >
            <Trans>Take away</Trans>
          </Button>
        </div>
      )}
      {editing && <DebtDialog holding={holding} debt={debt} onClose={() => setEditing(false)} />}
    </li>
  );
};

/** What was owed against a holding from which day on. */
export const DebtSection = ({ holding, editable }: { holding: Holding; editable: boolean }) => {
  const query = useQuery(debtsQuery(holding.id));
  return (
    <Section title={<Trans>Debt</Trans>}>
      <p className={settings['quiet']}>
        <Trans>
          It counts against the value everywhere while something is held. Borrowing and repaying are no gain.
        </Trans>
      </p>
      <Loaded query={query} lines={2}>
        {({ items }) => (
          <ul className={settings['list']}>
            {items.map((one) => (
              <DebtItem key={one.id} holding={holding} debt={one} editable={editable} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
};
