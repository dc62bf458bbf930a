import { Trans, useLingui } from '@lingui/react/macro';
import { NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { instantOf, wallTimeOf } from '../../lib/zone.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { DecimalField, FieldRow, Form, useDecimalReader } from '../../ui/form.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUnitOptions } from '../instruments/instrument-form.tsx';
import { refreshFigures } from '../ledger/queries.ts';

type Priced = {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly quoteUnit: string;
};

/** Gives a price by hand: only the person sees it, and it stands in wherever no fresh live price is known. */
export const PriceDialog = ({ instrument, onClose }: { instrument: Priced; onClose: () => void }) => {
  const { t } = useLingui();
  const format = useFormat();
  const units = useUnitOptions();
  const read = useDecimalReader();
  const client = useQueryClient();
  const [when] = useState(() => wallTimeOf(new Date(), format.timeZone));
  return (
    <Dialog title={<Trans>A price for {instrument.name}</Trans>} onClose={onClose}>
      <Form
        initial={{ close: '', unit: instrument.quoteUnit, when }}
        rename={{ quoteUnit: 'unit', dateTime: 'when' }}
        check={(values) => ({
          ...(read(values.close) === null ? { close: t`A price such as 71.25.` } : {}),
          ...(instantOf(values.when, format.timeZone) === null ? { when: t`Choose a day and time.` } : {}),
        })}
        action={<Trans>Save price</Trans>}
        onCancel={onClose}
        submit={async ({ values, idempotencyKey }) => {
          await api('POST /api/instruments/:id/prices', {
            params: { id: instrument.id },
            body: {
              close: read(values.close) ?? '',
              quoteUnit: values.unit,
              dateTime: instantOf(values.when, format.timeZone) ?? '',
            },
            idempotencyKey,
          });
          await refreshFigures(client);
          onClose();
          toast(t`The price is saved. Values follow.`);
        }}
      >
        {(values, set) => (
          <>
            <FieldRow>
              <DecimalField
                name="close"
                label={<Trans>Price per unit</Trans>}
                unit={values.unit}
                required
                autoFocus
              />
              <NativeSelect
                label={<Trans>Quoted in</Trans>}
                value={values.unit}
                data={units(instrument.currency)}
                onChange={(event) => set('unit', event.currentTarget.value)}
              />
            </FieldRow>
            <TextInput
              type="datetime-local"
              label={<Trans>As of</Trans>}
              description={<Trans>In your time zone, {format.timeZone}</Trans>}
              value={values.when}
              onChange={(event) => set('when', event.currentTarget.value)}
            />
          </>
        )}
      </Form>
    </Dialog>
  );
};
