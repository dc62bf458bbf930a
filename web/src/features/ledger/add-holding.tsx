import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import {
  DayField,
  DecimalField,
  FieldRow,
  Form,
  ListField,
  useDecimalReader,
  type Submission,
} from '../../ui/form.tsx';
import { Waiting } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { InstrumentForm } from '../instruments/instrument-form.tsx';
import { InstrumentPicker } from '../instruments/instrument-picker.tsx';
import { instrumentQuery, instrumentTag, type Instrument } from '../instruments/queries.ts';
import type { Portfolio } from '../portfolios/queries.ts';
import classes from './ledger.module.css';
import { refreshFigures } from './queries.ts';

type Step =
  | { readonly kind: 'given' }
  | { readonly kind: 'pick' }
  | { readonly kind: 'create'; readonly typed: string }
  | { readonly kind: 'amount'; readonly instrument: Instrument };

type AmountProps = {
  readonly portfolio: Portfolio;
  readonly instrument: Instrument;
  readonly onBack: () => void;
  readonly onDone: () => void;
};

const useAmountCheck = () => {
  const { t } = useLingui();
  const read = useDecimalReader();
  return (values: { section: string; theme: string; account: string; qty: string; avgCost: string }) => ({
    ...(values.account.trim() === '' ? { account: t`Which account holds it? ISA, SIPP, GIA…` } : {}),
    ...(values.theme.trim() === '' ? { theme: t`Give it a theme, such as “Global Equity”.` } : {}),
    ...(values.section.trim() === '' ? { section: t`Give it a section, such as “Core”.` } : {}),
    ...(values.qty.trim() === '' || read(values.qty) !== null ? {} : { qty: t`A number such as 12.5.` }),
    ...(values.avgCost.trim() === '' || read(values.avgCost) !== null
      ? {}
      : { avgCost: t`An amount such as 71.25.` }),
  });
};

type AmountValues = {
  section: string;
  theme: string;
  account: string;
  qty: string;
  avgCost: string;
  date: string;
};

const useAdd = ({ portfolio, instrument, onDone }: AmountProps) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  const read = useDecimalReader();
  return async ({ values, idempotencyKey }: Submission<AmountValues>): Promise<void> => {
    const qty = read(values.qty) ?? undefined;
    const place = {
      section: values.section.trim(),
      theme: values.theme.trim(),
      account: values.account.trim(),
    };
    const date = qty === undefined || values.date === '' ? undefined : values.date;
    const body = {
      instrumentId: instrument.id,
      ...place,
      qty,
      avgCost: read(values.avgCost) ?? undefined,
      date,
    };
    const made = await api('POST /api/portfolios/:id/holdings', {
      params: { id: portfolio.id },
      body,
      idempotencyKey,
    });
    await refreshFigures(client);
    onDone();
    toast(t`${instrument.name} is in ${portfolio.name}.`);
    if (qty === undefined) await navigate({ to: '/holdings/$holdingId', params: { holdingId: made.id } });
  };
};

const AmountForm = (props: AmountProps) => {
  const { portfolio, instrument } = props;
  const format = useFormat();
  const check = useAmountCheck();
  const add = useAdd(props);
  const { lists } = portfolio;
  const theme = lists.themes[0] ?? '';
  const section = lists.themeSections[theme] ?? lists.sections[0] ?? '';
  return (
    <Form
      initial={{
        section,
        theme,
        account: lists.accounts[0] ?? '',
        qty: '',
        avgCost: '',
        date: format.today(),
      }}
      check={check}
      submit={add}
      action={<Trans>Add holding</Trans>}
      onCancel={props.onDone}
      extra={
        <Button variant="subtle" color="gray" onClick={props.onBack}>
          <Trans>Another instrument</Trans>
        </Button>
      }
    >
      {(values, set) => (
        <>
          <p className={classes['chosen']}>
            <strong>{instrument.name}</strong>
            <span>{[instrument.type, instrumentTag(instrument)].join(' · ')}</span>
          </p>
          <FieldRow>
            <DecimalField
              name="qty"
              label={<Trans>Quantity</Trans>}
              hint={<Trans>Empty: add trades later</Trans>}
              autoFocus
            />
            <DecimalField
              name="avgCost"
              label={<Trans>Average cost per unit</Trans>}
              hint={<Trans>Optional, with fees</Trans>}
              unit={portfolio.baseCurrency}
            />
          </FieldRow>
          <FieldRow>
            <ListField name="account" label={<Trans>Account</Trans>} options={lists.accounts} required />
            <ThemeField values={values} set={set} portfolio={portfolio} />
            <ListField name="section" label={<Trans>Section</Trans>} options={lists.sections} required />
          </FieldRow>
          {values.qty !== '' && (
            <DayField
              name="date"
              label={<Trans>Held since</Trans>}
              max={format.today()}
              hint={<Trans>The day of its opening entry</Trans>}
            />
          )}
        </>
      )}
    </Form>
  );
};

/** Choosing a theme of the portfolio's list brings its section along. */
const ThemeField = ({
  values,
  set,
  portfolio,
}: {
  values: AmountValues;
  set: (name: 'section', value: string) => void;
  portfolio: Portfolio;
}) => {
  const followed = useRef(values.theme);
  const section = portfolio.lists.themeSections[values.theme];
  useEffect(() => {
    if (followed.current === values.theme) return;
    followed.current = values.theme;
    if (section !== undefined) set('section', section);
  });
  return <ListField name="theme" label={<Trans>Theme</Trans>} options={portfolio.lists.themes} required />;
};

type AddHoldingProps = {
  readonly portfolio: Portfolio;
  readonly instrumentId?: string | undefined;
  readonly onClose: () => void;
};

/** Adds a holding: find or create the instrument, then how much of it. */
export const AddHolding = ({ portfolio, instrumentId, onClose }: AddHoldingProps) => {
  const [step, setStep] = useState<Step>({ kind: instrumentId === undefined ? 'pick' : 'given' });
  const given = useQuery({ ...instrumentQuery(instrumentId ?? ''), enabled: instrumentId !== undefined });
  const shown: Step = step.kind === 'given' && given.data ? { kind: 'amount', instrument: given.data } : step;
  return (
    <Dialog
      title={
        shown.kind === 'create' ? (
          <Trans>Create an instrument</Trans>
        ) : (
          <Trans>Add a holding to {portfolio.name}</Trans>
        )
      }
      onClose={onClose}
    >
      {shown.kind === 'given' && <Waiting />}
      {shown.kind === 'pick' && (
        <InstrumentPicker
          label={<Trans>Which instrument?</Trans>}
          onPick={(instrument) => setStep({ kind: 'amount', instrument })}
          onCreate={(typed) => setStep({ kind: 'create', typed })}
        />
      )}
      {shown.kind === 'create' && (
        <InstrumentForm
          name={shown.typed}
          onCancel={() => setStep({ kind: 'pick' })}
          onMade={(instrument) => setStep({ kind: 'amount', instrument })}
        />
      )}
      {shown.kind === 'amount' && (
        <AmountForm
          portfolio={portfolio}
          instrument={shown.instrument}
          onBack={() => setStep({ kind: 'pick' })}
          onDone={onClose}
        />
      )}
    </Dialog>
  );
};
