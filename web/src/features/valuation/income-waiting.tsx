import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Figure } from '../../ui/figure.tsx';
import { DayField, DecimalField, FieldRow, Form, SelectField, useDecimalReader } from '../../ui/form.tsx';
import type { How } from '../../ui/how.tsx';
import { Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useAct } from '../../ui/use-act.ts';
import { refreshFigures } from '../ledger/queries.ts';
import type { IncomePayment } from './income-queries.ts';
import classes from './income.module.css';

/** Where the amount of a payment comes from. */
export const usePaymentHow = (): ((payment: IncomePayment) => How) => {
  const { t } = useLingui();
  const format = useFormat();
  return (payment) => ({
    title: t`${payment.name}, ${format.day(payment.payDate)}`,
    formula: payment.formula,
    inputs: [
      ...(payment.qty === null ? [] : [{ label: <Trans>Units</Trans>, value: format.quantity(payment.qty) }]),
      ...(payment.perUnit === null
        ? []
        : [
            {
              label: <Trans>For each</Trans>,
              value: `${format.price(payment.perUnit)} ${payment.paidIn}`,
              note: payment.exDate === null ? undefined : <Trans>ex-date {format.day(payment.exDate)}</Trans>,
            },
          ]),
      { label: <Trans>Gross</Trans>, value: format.money(payment.gross, payment.paidIn) },
      ...(payment.paidIn === payment.currency
        ? []
        : payment.rate === null
          ? [
              {
                label: <Trans>Rate</Trans>,
                value: <Trans>missing</Trans>,
                state: 'missing' as const,
              },
            ]
          : [
              {
                label: <Trans>Rate</Trans>,
                value: format.rate(payment.rate.rate),
                note: `${payment.rate.source}${payment.rate.date === null ? '' : `, ${format.day(payment.rate.date)}`}`,
              },
            ]),
    ],
    source: payment.source,
    asOf: format.day(payment.payDate),
  });
};

/** Decides about one dividend; what follows from the ledger is read anew afterwards. */
const useDecide = () => {
  const { t } = useLingui();
  const { busy, act } = useAct(refreshFigures);
  const decide = async (payment: IncomePayment, way: 'confirm' | 'dismiss' | 'reopen'): Promise<void> => {
    const at = {
      params: { id: payment.holdingId, date: payment.exDate ?? '' },
      body: { place: payment.place },
    };
    const reopen = async (): Promise<unknown> => api('POST /api/holdings/:id/dividends/:date/reopen', at);
    if (way === 'reopen') return act(t`It waits again.`, reopen);
    const message = way === 'confirm' ? t`Recorded.` : t`It is not proposed again.`;
    return act(message, async () => api(`POST /api/holdings/:id/dividends/:date/${way}`, at), reopen);
  };
  return { busy, decide };
};

const ConfirmDialog = ({ payment, onClose }: { payment: IncomePayment; onClose: () => void }) => {
  const { t } = useLingui();
  const format = useFormat();
  const client = useQueryClient();
  const read = useDecimalReader();
  const settling = [
    { value: 'no', label: t`Elsewhere` },
    { value: 'yes', label: t`Into the account’s cash` },
  ];
  return (
    <Dialog title={<Trans>{payment.name}: what was paid</Trans>} onClose={onClose}>
      <Form
        initial={{ amount: payment.gross, taxes: '', date: payment.payDate, settle: 'no' }}
        action={<Trans>Record</Trans>}
        onCancel={onClose}
        check={({ amount, taxes }) => ({
          ...(read(amount) === null && { amount: t`An amount such as 12.50.` }),
          ...(taxes.trim() !== '' &&
            read(taxes) === null && { taxes: t`An amount such as 1.25, or nothing.` }),
        })}
        submit={async ({ values, idempotencyKey }) => {
          await api('POST /api/holdings/:id/dividends/:date/confirm', {
            params: { id: payment.holdingId, date: payment.exDate ?? '' },
            idempotencyKey,
            body: {
              place: payment.place,
              amount: read(values.amount) ?? undefined,
              taxes: read(values.taxes) ?? undefined,
              date: values.date,
              settle: values.settle === 'yes',
            },
          });
          await refreshFigures(client);
          toast(t`Recorded.`);
          onClose();
        }}
      >
        <FieldRow>
          <DecimalField
            name="amount"
            label={<Trans>Amount before tax</Trans>}
            unit={payment.paidIn}
            autoFocus
          />
          <DecimalField name="taxes" label={<Trans>Tax withheld</Trans>} unit={payment.paidIn} />
        </FieldRow>
        <FieldRow>
          <DayField name="date" label={<Trans>Paid on</Trans>} max={format.today()} />
          <SelectField name="settle" label={<Trans>Paid</Trans>} options={settling} />
        </FieldRow>
      </Form>
    </Dialog>
  );
};

const Waiting = ({ payment, editable }: { payment: IncomePayment; editable: boolean }) => {
  const { t } = useLingui();
  const format = useFormat();
  const howOf = usePaymentHow();
  const { busy, decide } = useDecide();
  const [editing, setEditing] = useState(false);
  const name = `${payment.name}, ${format.day(payment.payDate)}`;
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <strong>{payment.name}</strong>{' '}
        {!payment.payDateKnown && (
          <Tag>
            <Trans>day of payment not announced</Trans>
          </Tag>
        )}
        <p className={classes['quiet']}>
          {payment.exDate !== null && (
            <Trans>
              Due on {format.day(payment.payDate)}, ex-date {format.day(payment.exDate)}, {payment.account}
            </Trans>
          )}
        </p>
      </div>
      <span className={classes['amount']}>
        <Figure kind="money" value={payment.gross} currency={payment.paidIn} how={() => howOf(payment)} />
      </span>
      {editable && (
        <div className={classes['acts']}>
          <Button
            size="xs"
            loading={busy}
            aria-label={t`Confirm ${name}`}
            onClick={() => void decide(payment, 'confirm')}
          >
            <Trans>Confirm</Trans>
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            aria-label={t`Another amount for ${name}`}
            onClick={() => setEditing(true)}
          >
            <Trans>Another amount</Trans>
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            aria-label={t`Dismiss ${name}`}
            onClick={() => void decide(payment, 'dismiss')}
          >
            <Trans>Dismiss</Trans>
          </Button>
        </div>
      )}
      {editing && <ConfirmDialog payment={payment} onClose={() => setEditing(false)} />}
    </li>
  );
};

type WaitingProps = {
  readonly payments: readonly IncomePayment[];
  /** How many wait in all. */
  readonly count: number;
  readonly mayEdit: (portfolioId: string) => boolean;
};

/** Dividends whose day has come and that the ledger does not have. */
export const WaitingSection = ({ payments, count, mayEdit }: WaitingProps) => {
  const format = useFormat();
  if (payments.length === 0) return null;
  return (
    <Section
      title={<Trans>Waiting for you</Trans>}
      lead={
        <Trans>
          {format.count(count)} dividends should have been paid: what was held before the ex-date × the
          dividend
        </Trans>
      }
    >
      <ul className={classes['list']}>
        {payments.map((one) => (
          <Waiting key={one.id} payment={one} editable={mayEdit(one.portfolioId)} />
        ))}
      </ul>
    </Section>
  );
};

/** Takes back what was decided about a payment. */
export const TakeBack = ({ payment }: { payment: IncomePayment }) => {
  const { t } = useLingui();
  const { busy, decide } = useDecide();
  const name = `${payment.name}, ${payment.exDate ?? ''}`;
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={busy}
      aria-label={t`Take back ${name}`}
      onClick={() => void decide(payment, 'reopen')}
    >
      <Trans>Take back</Trans>
    </Button>
  );
};
