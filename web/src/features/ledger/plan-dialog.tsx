import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import {
  DayField,
  DecimalField,
  FieldRow,
  Form,
  SelectField,
  TextField,
  useDecimalReader,
} from '../../ui/form.tsx';
import { Loaded } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import type { Portfolio } from '../portfolios/queries.ts';
import classes from './ledger.module.css';
import type { Plan } from './plan-queries.ts';
import { holdingsQuery, refreshFigures, type Holding } from './queries.ts';

type Values = Readonly<Record<string, string>>;
const shareOf = (holding: Holding): string => `share ${holding.id}`;

/** What a plan can buy: investments with an instrument, not cash. */
const buyable = (holdings: readonly Holding[]): Holding[] =>
  holdings.filter((one) => one.instrument !== null && one.instrument.type !== 'Cash');

const inAccount = (holdings: readonly Holding[], account: string | undefined): Holding[] =>
  holdings.filter((one) => one.account === account);

const initialOf = (plan: Plan | undefined, holdings: readonly Holding[], today: string): Values => ({
  name: plan?.name ?? '',
  amount: plan?.amount ?? '',
  every: plan?.every ?? 'month',
  day: String(plan?.day ?? 1),
  startsOn: plan?.startsOn ?? today,
  endsOn: plan?.endsOn ?? '',
  settle: plan?.settle === true ? 'yes' : 'no',
  unit: plan?.parts.some((part) => part.amount !== null) === true ? 'amount' : 'percent',
  account: plan?.account ?? holdings[0]?.account ?? '',
  ...Object.fromEntries(
    holdings.map((one) => {
      const part = plan?.parts.find((each) => each.holdingId === one.id);
      return [shareOf(one), part?.amount ?? (part?.percent == null ? '' : String(part.percent))];
    }),
  ),
});

const useBody = () => {
  const read = useDecimalReader();
  return (values: Values, holdings: readonly Holding[]) => ({
    name: (values['name'] ?? '').trim(),
    amount: read(values['amount'] ?? '') ?? '0',
    every: values['every'] === 'week' ? ('week' as const) : ('month' as const),
    day: Number(values['day']),
    startsOn: values['startsOn'] ?? '',
    settle: values['settle'] === 'yes',
    parts: inAccount(holdings, values['account']).flatMap((one) => {
      const share = read(values[shareOf(one)] ?? '');
      if (share === null || !/[1-9]/u.test(share)) return [];
      return [
        {
          holdingId: one.id,
          ...(values['unit'] === 'amount' ? { amount: share } : { percent: Number(share) }),
        },
      ];
    }),
  });
};

const useCheck = (holdings: readonly Holding[]) => {
  const { t } = useLingui();
  const read = useDecimalReader();
  return (values: Values): Record<string, string> => {
    const own = inAccount(holdings, values['account']);
    const empty = own.every((one) => (values[shareOf(one)] ?? '').trim() === '');
    const wrong = own.filter((one) => {
      const typed = (values[shareOf(one)] ?? '').trim();
      return typed !== '' && read(typed) === null;
    });
    return {
      ...((values['name'] ?? '').trim() === '' && { name: t`What is it? “Monthly savings”` }),
      ...(read(values['amount'] ?? '') === null && { amount: t`An amount such as 250.` }),
      ...((values['startsOn'] ?? '') === '' && { startsOn: t`The first day.` }),
      ...Object.fromEntries(wrong.map((one) => [shareOf(one), t`A number such as 12.5.`])),
      ...(empty && own[0] !== undefined && { [shareOf(own[0])]: t`Give at least one holding a share.` }),
    };
  };
};

const MONTH_DAYS = 31;

const DayOf = ({ every }: { every: string | undefined }) => {
  const { t } = useLingui();
  const format = useFormat();
  const weekdays = [t`Monday`, t`Tuesday`, t`Wednesday`, t`Thursday`, t`Friday`, t`Saturday`, t`Sunday`];
  const options =
    every === 'week'
      ? weekdays.map((label, at) => ({ value: String(at + 1), label }))
      : Array.from({ length: MONTH_DAYS }, (_, at) => ({
          value: String(at + 1),
          label: at + 1 === MONTH_DAYS ? t`31, or the last day` : format.count(at + 1),
        }));
  return <SelectField name="day" label={<Trans>Day</Trans>} options={options} />;
};

type FieldsProps = {
  readonly values: Values;
  readonly holdings: readonly Holding[];
  readonly currency: string;
};

const Fields = ({ values, holdings, currency }: FieldsProps) => {
  const { t } = useLingui();
  const accounts = [...new Set(holdings.map((one) => one.account))];
  return (
    <>
      <FieldRow>
        <TextField name="name" label={<Trans>Name</Trans>} required autoFocus />
        <DecimalField name="amount" label={<Trans>Amount each time</Trans>} unit={currency} required />
      </FieldRow>
      <FieldRow>
        <SelectField
          name="every"
          label={<Trans>How often</Trans>}
          options={[
            { value: 'month', label: t`Every month` },
            { value: 'week', label: t`Every week` },
          ]}
        />
        <DayOf every={values['every']} />
      </FieldRow>
      <FieldRow>
        <DayField name="startsOn" label={<Trans>From</Trans>} required />
        <DayField name="endsOn" label={<Trans>Until, if it ends</Trans>} />
      </FieldRow>
      <FieldRow>
        <SelectField
          name="account"
          label={<Trans>Account</Trans>}
          options={accounts.map((value) => ({ value, label: value }))}
        />
        <SelectField
          name="settle"
          label={<Trans>Paid</Trans>}
          options={[
            { value: 'no', label: t`From elsewhere` },
            { value: 'yes', label: t`Out of the account’s cash` },
          ]}
        />
        <SelectField
          name="unit"
          label={<Trans>Split by</Trans>}
          options={[
            { value: 'percent', label: t`Percent` },
            { value: 'amount', label: t`Amount` },
          ]}
        />
      </FieldRow>
      <fieldset className={classes['part']}>
        <legend>
          <Trans>What it buys</Trans>
        </legend>
        {inAccount(holdings, values['account']).map((one) => (
          <DecimalField
            key={one.id}
            name={shareOf(one)}
            label={one.name}
            unit={values['unit'] === 'amount' ? currency : '%'}
          />
        ))}
      </fieldset>
    </>
  );
};

type PlanDialogProps = {
  readonly portfolio: Portfolio;
  readonly plan?: Plan | undefined;
  readonly onClose: () => void;
};

const PlanForm = ({
  portfolio,
  plan,
  onClose,
  holdings,
}: PlanDialogProps & { holdings: readonly Holding[] }) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const format = useFormat();
  const bodyOf = useBody();
  const check = useCheck(holdings);
  return (
    <Form
      initial={initialOf(plan, holdings, format.today())}
      action={plan === undefined ? <Trans>Make the plan</Trans> : <Trans>Save</Trans>}
      onCancel={onClose}
      check={check}
      submit={async ({ values, idempotencyKey }) => {
        const body = bodyOf(values, holdings);
        const endsOn = values['endsOn'] ?? '';
        if (plan === undefined) {
          await api('POST /api/portfolios/:id/plans', {
            params: { id: portfolio.id },
            idempotencyKey,
            body: { ...body, endsOn: endsOn === '' ? undefined : endsOn },
          });
        } else {
          await api('PATCH /api/plans/:id', {
            params: { id: plan.id },
            version: plan.version,
            body: { ...body, endsOn: endsOn === '' ? null : endsOn },
          });
        }
        await refreshFigures(client);
        toast(t`Saved.`);
        onClose();
      }}
    >
      {(values) => <Fields values={values} holdings={holdings} currency={portfolio.baseCurrency} />}
    </Form>
  );
};

/** Makes a plan, or changes one. */
export const PlanDialog = (props: PlanDialogProps) => {
  const query = useQuery(holdingsQuery(props.portfolio.id));
  return (
    <Dialog
      title={
        props.plan === undefined ? <Trans>New recurring plan</Trans> : <Trans>Change {props.plan.name}</Trans>
      }
      onClose={props.onClose}
      wide
    >
      <Loaded query={query}>
        {(holdings) =>
          buyable(holdings).length === 0 ? (
            <p>
              <Trans>
                A plan buys holdings that are there already. Add one first; its quantity may be nothing.
              </Trans>
            </p>
          ) : (
            <PlanForm {...props} holdings={buyable(holdings)} />
          )
        }
      </Loaded>
    </Dialog>
  );
};
