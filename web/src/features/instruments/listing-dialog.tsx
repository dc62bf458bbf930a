import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useCurrencyOptions } from '../market-data/currencies.ts';
import { UnitFollowsCurrency, useUnitOptions } from './instrument-form.tsx';
import type { Instrument } from './queries.ts';

/** Adds a line: another exchange, ticker, currency or quote unit of the same security. */
export const ListingDialog = ({ instrument, onClose }: { instrument: Instrument; onClose: () => void }) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const currencies = useCurrencyOptions();
  const units = useUnitOptions();
  return (
    <Dialog title={<Trans>Another line of {instrument.name}</Trans>} onClose={onClose}>
      <Form
        initial={{ ticker: '', exchange: '', currency: instrument.currency, quoteUnit: instrument.currency }}
        check={(values) =>
          /^([A-Z0-9]{4})?$/.test(values.exchange)
            ? {}
            : { exchange: t`Four letters or digits, such as XLON, XETR or XNAS.` }
        }
        action={<Trans>Add line</Trans>}
        onCancel={onClose}
        submit={async ({ values, idempotencyKey }) => {
          const text = (value: string): string | undefined =>
            value.trim() === '' ? undefined : value.trim();
          const body = {
            ticker: text(values.ticker),
            exchange: text(values.exchange),
            currency: values.currency,
            quoteUnit: values.quoteUnit,
          };
          await api('POST /api/instruments/:id/listings', {
            params: { id: instrument.id },
            body,
            idempotencyKey,
          });
          await client.invalidateQueries({ queryKey: ['instruments'] });
          onClose();
          toast(t`The line is added.`);
        }}
      >
        {(values, set) => (
          <>
            <FieldRow>
              <TextField name="ticker" label={<Trans>Ticker (optional)</Trans>} autoFocus />
              <TextField
                name="exchange"
                label={<Trans>Exchange, as MIC (optional)</Trans>}
                upperCase
                placeholder="XLON"
              />
            </FieldRow>
            <FieldRow>
              <SelectField name="currency" label={<Trans>Trading currency</Trans>} options={currencies} />
              <SelectField
                name="quoteUnit"
                label={<Trans>Quoted in</Trans>}
                options={units(values.currency)}
              />
            </FieldRow>
            <UnitFollowsCurrency values={values} set={set} />
          </>
        )}
      </Form>
    </Dialog>
  );
};
