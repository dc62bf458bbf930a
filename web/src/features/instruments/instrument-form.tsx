import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type Request } from '../../lib/api.ts';
import { DecimalField, FieldRow, Form, SelectField, TextField, useDecimalReader } from '../../ui/form.tsx';
import { quoteUnitsOf, useCurrencyOptions } from '../market-data/currencies.ts';
import type { Instrument } from './queries.ts';

type Draft = NonNullable<Request<'POST /api/instruments'>['body']>;

const TYPES = [
  'ETF',
  'Fund',
  'Stock',
  'Bond',
  'Cash',
  'Crypto',
  'Commodity',
  'Property',
  'Derivative',
  'Other',
] as const;
export const isType = (text: string): text is (typeof TYPES)[number] => TYPES.some((type) => type === text);

const ISIN = /^[A-Z]{2}[A-Z0-9]{9}\d$/;
const MIC = /^[A-Z0-9]{4}$/;

export const useTypeOptions = (): { value: string; label: string }[] => {
  const { t } = useLingui();
  const names: Record<(typeof TYPES)[number], string> = {
    ETF: t`ETF`,
    Fund: t`Fund (OEIC, unit trust, fund of funds)`,
    Stock: t`Share`,
    Bond: t`Bond`,
    Cash: t`Cash`,
    Crypto: t`Crypto`,
    Commodity: t`Commodity`,
    Property: t`Property`,
    Derivative: t`Derivative`,
    Other: t`Other`,
  };
  return TYPES.map((value) => ({ value, label: names[value] }));
};

/** Unit options of a quotation in `currency`: the currency itself, or its hundredth where exchanges use it. */
export const useUnitOptions = (): ((currency: string) => { value: string; label: string }[]) => {
  const { t } = useLingui();
  const words: Readonly<Record<string, string>> = {
    GBX: t`GBX · pence`,
    ZAc: t`ZAc · South African cents`,
    ILA: t`ILA · agorot`,
  };
  return (currency) => quoteUnitsOf(currency).map((value) => ({ value, label: words[value] ?? value }));
};

type Values = {
  name: string;
  type: string;
  isin: string;
  ticker: string;
  exchange: string;
  currency: string;
  quoteUnit: string;
  ocf: string;
  scope: string;
};

const draftOf = (values: Values, ocf: string | null): Draft => {
  const text = (value: string): string | undefined => (value.trim() === '' ? undefined : value.trim());
  const metadata = ocf === null ? undefined : { ocf: Number(ocf) };
  return {
    type: isType(values.type) ? values.type : 'Other',
    name: values.name.trim(),
    currency: values.currency,
    quoteUnit: values.quoteUnit,
    isin: text(values.isin),
    ticker: text(values.ticker),
    exchange: text(values.exchange),
    metadata,
    scope: values.scope === 'private' ? 'private' : undefined,
  };
};

type InstrumentFormProps = {
  readonly name?: string;
  readonly onMade: (instrument: Instrument) => void | Promise<void>;
  readonly onCancel: () => void;
};

const useCheck = () => {
  const { t } = useLingui();
  const read = useDecimalReader();
  return (values: Values): Partial<Record<keyof Values, string>> => ({
    ...(values.name.trim() === '' ? { name: t`Type its name, as on a statement.` } : {}),
    ...(values.isin === '' || ISIN.test(values.isin)
      ? {}
      : { isin: t`Two letters, nine letters or digits, one check digit: IE00B4L5Y983.` }),
    ...(values.exchange === '' || MIC.test(values.exchange)
      ? {}
      : { exchange: t`Four letters or digits, such as XLON, XETR or XNAS.` }),
    ...(values.ocf === '' || read(values.ocf) !== null ? {} : { ocf: t`A percentage such as 0.22.` }),
  });
};

/** A new instrument; what was searched for is its ISIN or its name. */
const initialValues = (typed: string): Values => ({
  name: ISIN.test(typed) ? '' : typed,
  isin: ISIN.test(typed) ? typed : '',
  type: 'ETF',
  ticker: '',
  exchange: '',
  currency: 'GBP',
  quoteUnit: 'GBP',
  ocf: '',
  scope: 'usual',
});

const Fields = ({ values, set }: { values: Values; set: (name: keyof Values, value: string) => void }) => {
  const { t } = useLingui();
  const currencies = useCurrencyOptions();
  const types = useTypeOptions();
  const units = useUnitOptions();
  const scopes = [
    { value: 'usual', label: t`The usual for your role` },
    { value: 'private', label: t`Only you` },
  ];
  return (
    <>
      <TextField name="name" label={<Trans>Name</Trans>} required autoFocus />
      <FieldRow>
        <SelectField name="type" label={<Trans>Type</Trans>} options={types} />
        <TextField name="isin" label={<Trans>ISIN (optional)</Trans>} upperCase placeholder="IE00B4L5Y983" />
      </FieldRow>
      <FieldRow>
        <TextField name="ticker" label={<Trans>Ticker (optional)</Trans>} placeholder="SWDA" />
        <TextField
          name="exchange"
          label={<Trans>Exchange, as MIC (optional)</Trans>}
          upperCase
          placeholder="XLON"
        />
      </FieldRow>
      <FieldRow>
        <SelectField name="currency" label={<Trans>Trading currency</Trans>} options={currencies} />
        <SelectField name="quoteUnit" label={<Trans>Quoted in</Trans>} options={units(values.currency)} />
      </FieldRow>
      <UnitFollowsCurrency values={values} set={set} />
      <FieldRow>
        {(values.type === 'ETF' || values.type === 'Fund') && (
          <DecimalField name="ocf" label={<Trans>Ongoing charge (optional)</Trans>} unit="%" />
        )}
        <SelectField name="scope" label={<Trans>Who sees it</Trans>} options={scopes} />
      </FieldRow>
    </>
  );
};

/** Creates an instrument with the line it trades on. */
export const InstrumentForm = ({ name, onMade, onCancel }: InstrumentFormProps) => {
  const client = useQueryClient();
  const read = useDecimalReader();
  const check = useCheck();
  return (
    <Form
      initial={initialValues(name ?? '')}
      check={check}
      rename={{ 'metadata.ocf': 'ocf' }}
      action={<Trans>Create instrument</Trans>}
      onCancel={onCancel}
      submit={async ({ values, idempotencyKey }) => {
        const made = await api('POST /api/instruments', {
          body: draftOf(values, values.ocf === '' ? null : read(values.ocf)),
          idempotencyKey,
        });
        await client.invalidateQueries({ queryKey: ['instruments'] });
        await onMade(made);
      }}
    >
      {(values, set) => <Fields values={values} set={set} />}
    </Form>
  );
};

/** A unit that the chosen currency does not have falls back to the currency itself. */
export const UnitFollowsCurrency = (props: {
  values: { currency: string; quoteUnit: string };
  set: (name: 'quoteUnit', value: string) => void;
}) => {
  const { values, set } = props;
  const fits = quoteUnitsOf(values.currency).includes(values.quoteUnit);
  useEffect(() => {
    if (!fits) set('quoteUnit', values.currency);
  });
  return null;
};
