import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DayField, DecimalField, FieldRow, Form, SelectField, useDecimalReader } from '../../ui/form.tsx';
import { toast } from '../../ui/toasts.tsx';
import classes from './ledger.module.css';
import type { Proposal, ProposalLine } from './plan-queries.ts';
import { refreshFigures } from './queries.ts';

type Values = Readonly<Record<string, string>>;
const FIELDS = ['price', 'qty', 'fees'] as const;
type Field = (typeof FIELDS)[number];
const nameOf = (line: ProposalLine, field: Field): string => `${field} ${line.holdingId}`;

const initialOf = (proposal: Proposal): Values => ({
  date: proposal.tradeOn,
  settle: proposal.settle ? 'yes' : 'no',
  ...Object.fromEntries(
    proposal.lines.flatMap((line) => [
      [nameOf(line, 'price'), line.price ?? ''],
      [nameOf(line, 'qty'), line.qty ?? ''],
      [nameOf(line, 'fees'), ''],
    ]),
  ),
});

const useCheck = (proposal: Proposal) => {
  const { t } = useLingui();
  const read = useDecimalReader();
  const words = {
    price: t`A price such as 71.25.`,
    qty: t`A number such as 12.5; 0 to leave it out.`,
    fees: t`An amount such as 4.95, or nothing.`,
  };
  return (values: Values): Record<string, string> =>
    Object.fromEntries(
      proposal.lines.flatMap((line) =>
        FIELDS.flatMap((field) => {
          const name = nameOf(line, field);
          const typed = values[name] ?? '';
          if (field === 'fees' && typed.trim() === '') return [];
          return read(typed) === null ? [[name, words[field]]] : [];
        }),
      ),
    );
};

/** What was really bought: day, prices, quantities and fees, as proposed unless they are changed. */
export const ProposalDialog = ({ proposal, onClose }: { proposal: Proposal; onClose: () => void }) => {
  const { t } = useLingui();
  const format = useFormat();
  const client = useQueryClient();
  const read = useDecimalReader();
  const check = useCheck(proposal);
  const settling = [
    { value: 'yes', label: t`Out of the account’s cash` },
    { value: 'no', label: t`From elsewhere` },
  ];
  return (
    <Dialog title={<Trans>{proposal.planName}: what was bought</Trans>} onClose={onClose} wide>
      <Form
        initial={initialOf(proposal)}
        action={<Trans>Record</Trans>}
        onCancel={onClose}
        check={check}
        submit={async ({ values, idempotencyKey }) => {
          const given = (line: ProposalLine) =>
            Object.fromEntries(
              FIELDS.flatMap((field) => {
                const typed = read(values[nameOf(line, field)] ?? '');
                return typed === null ? [] : [[field, typed]];
              }),
            );
          await api('POST /api/proposals/:id/confirm', {
            params: { id: proposal.id },
            idempotencyKey,
            body: {
              date: values['date'],
              settle: values['settle'] === 'yes',
              lines: proposal.lines.map((line) => ({
                holdingId: line.holdingId,
                quoteUnit: line.quoteUnit,
                ...given(line),
              })),
            },
          });
          await refreshFigures(client);
          toast(t`Recorded.`);
          onClose();
        }}
      >
        <FieldRow>
          <DayField name="date" label={<Trans>Day</Trans>} max={format.today()} />
          <SelectField name="settle" label={<Trans>Paid</Trans>} options={settling} />
        </FieldRow>
        {proposal.lines.map((line) => (
          <fieldset key={line.holdingId} className={classes['part']}>
            <legend>
              {line.name}, {format.money(line.amount, proposal.currency)}
            </legend>
            <FieldRow>
              <DecimalField name={nameOf(line, 'price')} label={<Trans>Price</Trans>} unit={line.quoteUnit} />
              <DecimalField name={nameOf(line, 'qty')} label={<Trans>Quantity</Trans>} />
              <DecimalField name={nameOf(line, 'fees')} label={<Trans>Fees</Trans>} />
            </FieldRow>
          </fieldset>
        ))}
      </Form>
    </Dialog>
  );
};
