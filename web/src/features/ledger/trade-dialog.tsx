import { Trans, useLingui } from '@lingui/react/macro';
import { SegmentedControl } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
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
import { toast } from '../../ui/toasts.tsx';
import { useUnitOptions } from '../instruments/instrument-form.tsx';
import { refreshFigures, type Holding, type Trade } from './queries.ts';

type Values = {
  type: string;
  date: string;
  qty: string;
  price: string;
  unit: string;
  fees: string;
  fxRate: string;
  notes: string;
};

const newValues = (holding: Holding, today: string): Values => ({
  type: 'buy',
  date: today,
  qty: '',
  price: '',
  unit: holding.instrument?.quoteUnit ?? holding.costCurrency,
  fees: '',
  fxRate: '',
  notes: '',
});

const valuesOf = (trade: Trade): Values => ({
  type: trade.type,
  date: trade.date,
  qty: trade.qty,
  price: trade.quoted.price,
  unit: trade.quoted.unit,
  fees: trade.fees === '0' ? '' : trade.fees,
  fxRate: '',
  notes: trade.notes ?? '',
});

const useCheck = () => {
  const { t } = useLingui();
  const read = useDecimalReader();
  const amount = (typed: string): boolean => read(typed) !== null;
  return (values: Values): Partial<Record<keyof Values, string>> => ({
    ...(values.date === '' ? { date: t`Choose the trade’s day.` } : {}),
    ...(amount(values.qty) ? {} : { qty: t`A number such as 12.5.` }),
    ...(amount(values.price) ? {} : { price: t`A price such as 71.25.` }),
    ...(values.fees === '' || amount(values.fees) ? {} : { fees: t`An amount such as 4.95, or nothing.` }),
    ...(values.fxRate === '' || amount(values.fxRate)
      ? {}
      : { fxRate: t`A rate such as 0.7919, or nothing.` }),
  });
};

const useSave = (holding: Holding, trade: Trade | undefined) => {
  const read = useDecimalReader();
  const client = useQueryClient();
  return async (values: Values, idempotencyKey: string): Promise<void> => {
    const price = read(values.price) ?? '';
    const qty = read(values.qty) ?? '';
    const shared = {
      date: values.date,
      price,
      qty,
      fees: read(values.fees) ?? undefined,
      fxRate: read(values.fxRate) ?? undefined,
      quoteUnit: values.unit,
    };
    const notes = values.notes.trim();
    if (trade) {
      await api('PATCH /api/trades/:id', {
        params: { id: trade.id },
        version: trade.version,
        body: { ...shared, fees: shared.fees ?? '0', notes: notes === '' ? null : notes },
      });
    } else {
      const type = values.type === 'sell' ? 'sell' : 'buy';
      await api('POST /api/holdings/:id/trades', {
        params: { id: holding.id },
        body: { ...shared, type, notes: notes === '' ? undefined : notes },
        idempotencyKey,
      });
    }
    await refreshFigures(client);
  };
};

type TradeDialogProps = {
  readonly holding: Holding;
  readonly trade?: Trade | undefined;
  readonly onClose: () => void;
};

/** Records a buy or a sale, or corrects one. */
export const TradeDialog = ({ holding, trade, onClose }: TradeDialogProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const units = useUnitOptions();
  const check = useCheck();
  const save = useSave(holding, trade);
  const currency = holding.instrument?.currency ?? holding.costCurrency;
  const name = holding.instrument?.name ?? '';
  return (
    <Dialog
      title={trade ? <Trans>Correct a trade of {name}</Trans> : <Trans>Record a trade of {name}</Trans>}
      onClose={onClose}
    >
      <Form
        initial={trade ? valuesOf(trade) : newValues(holding, format.today())}
        check={check}
        rename={{ quoteUnit: 'unit' }}
        action={trade ? <Trans>Save</Trans> : <Trans>Record trade</Trans>}
        onCancel={onClose}
        submit={async ({ values, idempotencyKey }) => {
          await save(values, idempotencyKey);
          onClose();
          toast(
            trade
              ? t`The trade is corrected. Quantity and cost follow.`
              : t`The trade is recorded. Quantity and cost follow.`,
          );
        }}
      >
        {(values, set) => (
          <>
            {!trade && (
              <SegmentedControl
                value={values.type}
                onChange={(type) => set('type', type)}
                aria-label={t`Buy or sell`}
                data={[
                  { value: 'buy', label: t`Buy` },
                  { value: 'sell', label: t`Sell` },
                ]}
              />
            )}
            <FieldRow>
              <DayField name="date" label={<Trans>Day</Trans>} max={format.today()} required />
              <DecimalField name="qty" label={<Trans>Quantity</Trans>} required autoFocus />
            </FieldRow>
            <FieldRow>
              <DecimalField name="price" label={<Trans>Price per unit</Trans>} unit={values.unit} required />
              <SelectField name="unit" label={<Trans>Quoted in</Trans>} options={units(currency)} />
              <DecimalField name="fees" label={<Trans>Fees (optional)</Trans>} unit={currency} />
            </FieldRow>
            {currency !== holding.costCurrency && (
              <DecimalField
                name="fxRate"
                label={
                  <Trans>
                    {holding.costCurrency} for one {currency} (optional)
                  </Trans>
                }
                hint={<Trans>From your contract note. Empty: the published rate of that day.</Trans>}
              />
            )}
            <NotesField name="notes" label={<Trans>Notes (optional)</Trans>} />
          </>
        )}
      </Form>
    </Dialog>
  );
};
