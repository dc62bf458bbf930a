import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Form, NotesField, useDecimalReader, type Submission } from '../../ui/form.tsx';
import { Failure } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import {
  cashQuery,
  refreshFigures,
  tradeQuery,
  tradesQuery,
  type Holding,
  type TradeEvent,
} from './queries.ts';
import { draftOf, patchOf, placeProblem } from './trade-body.ts';
import { cashFor, chosenCash } from './trade-cash.ts';
import { useTradeCheck } from './trade-check.ts';
import classes from './trade-dialog.module.css';
import { TypeFields } from './trade-fields.tsx';
import {
  isCashHolding,
  isSettling,
  newValues,
  typesFor,
  valuesOf,
  type TradeType,
  type TradeValues,
} from './trade-model.ts';
import { SettleFields } from './trade-settle.tsx';
import { filingIn } from './trade-transfer.tsx';
import { useTypeMeaning, useTypeWords } from './trade-words.tsx';
import { portfoliosQuery } from '../portfolios/queries.ts';

/** Whether trades settled last time, on this device. */
const SETTLED = 'pm-settled';

type FormProps = {
  readonly holding: Holding;
  readonly event: TradeEvent | undefined;
  readonly cash: readonly Holding[];
  readonly onClose: () => void;
};

const TypePicker = ({
  types,
  value,
  onChange,
}: {
  types: readonly TradeType[];
  value: TradeType;
  onChange: (type: TradeType) => void;
}) => {
  const words = useTypeWords();
  const meaning = useTypeMeaning();
  return (
    <fieldset className={classes['types']} aria-describedby="trade-meaning">
      <legend>
        <Trans>What happened?</Trans>
      </legend>
      <div className={classes['pills']}>
        {types.map((type) => (
          <label key={type} className={classes['pill']}>
            <input
              type="radio"
              name="type"
              value={type}
              checked={type === value}
              onChange={() => onChange(type)}
            />
            {words(type)}
          </label>
        ))}
      </div>
      <p id="trade-meaning" className={classes['meaning']}>
        {meaning(value)}
      </p>
    </fieldset>
  );
};

const useSave = ({ holding, event, cash, onClose }: FormProps, initial: TradeValues) => {
  const { t } = useLingui();
  const read = useDecimalReader();
  const client = useQueryClient();
  const { data: portfolios } = useQuery(portfoliosQuery);
  const write = async (values: TradeValues, idempotencyKey: string): Promise<unknown> => {
    if (event) {
      const body = patchOf(values, initial, read);
      return api('PATCH /api/trades/:id', { params: { id: event.id }, version: event.version, body });
    }
    const receiver = portfolios?.find((one) => one.id === values.toPortfolio);
    const body = draftOf(values, read, filingIn(receiver, holding));
    return api('POST /api/holdings/:id/trades', { params: { id: holding.id }, body, idempotencyKey });
  };
  return async ({ values, idempotencyKey }: Submission<TradeValues>): Promise<void> => {
    const settles = isSettling(values.type) && values.settle === 'yes';
    const chosen = settles ? chosenCash(cashFor(cash, holding, values), values) : undefined;
    const complete: TradeValues = {
      ...values,
      settle: chosen === undefined ? 'no' : 'yes',
      cashId: chosen?.id ?? '',
    };
    try {
      await write(complete, idempotencyKey);
    } catch (error) {
      throw placeProblem(error, values);
    }
    if (isSettling(values.type) && !event) localStorage.setItem(SETTLED, values.settle);
    await refreshFigures(client);
    onClose();
    toast(
      event
        ? t`The trade is corrected. Quantity and cost follow.`
        : t`The trade is recorded. Quantity and cost follow.`,
    );
  };
};

/** What the form begins with: cash settles where it did last time and the account has some. */
const useInitial = ({ holding, event, cash }: FormProps): TradeValues => {
  const format = useFormat();
  const [initial] = useState((): TradeValues => {
    if (event) return valuesOf(event, holding);
    const values = newValues(holding, format.today());
    const usual =
      localStorage.getItem(SETTLED) === 'yes' && cash.some((one) => one.account === holding.account);
    return { ...values, settle: usual || isCashHolding(holding) ? 'yes' : 'no' };
  });
  return initial;
};

const TradeForm = (props: FormProps) => {
  const { holding, event, cash, onClose } = props;
  const initial = useInitial(props);
  const check = useTradeCheck(event === undefined);
  const save = useSave(props, initial);
  const { data: trades } = useQuery(tradesQuery(holding.id));
  const [chosen, setChosen] = useState(false);
  const hasOpening = trades?.some((one) => one.type === 'opening') ?? false;
  return (
    <Form<TradeValues>
      initial={initial}
      check={check}
      action={event ? <Trans>Save</Trans> : <Trans>Record trade</Trans>}
      onCancel={onClose}
      submit={save}
    >
      {(values, set) => {
        const fields = { holding, values, set, correcting: event !== undefined, autoFocus: !chosen };
        return (
          <>
            {!event && (
              <TypePicker
                types={typesFor(isCashHolding(holding), hasOpening)}
                value={values.type}
                onChange={(type) => {
                  setChosen(true);
                  set('type', type);
                }}
              />
            )}
            <TypeFields {...fields} />
            {isSettling(values.type) && <SettleFields {...fields} cash={cash} />}
            <NotesField name="notes" label={<Trans>Notes (optional)</Trans>} />
          </>
        );
      }}
    </Form>
  );
};

type TradeDialogProps = {
  readonly holding: Holding;
  /** The trade to correct; without it a new one is recorded. */
  readonly tradeId?: string | undefined;
  readonly onClose: () => void;
};

/** Records whatever happened to a holding, or corrects it with everything that belongs to it. */
export const TradeDialog = ({ holding, tradeId, onClose }: TradeDialogProps) => {
  const words = useTypeWords();
  const cash = useQuery(cashQuery(holding.portfolioId));
  const event = useQuery({ ...tradeQuery(tradeId ?? ''), enabled: tradeId !== undefined, staleTime: 0 });
  const name = holding.name;
  const failed = cash.error ?? event.error;
  // It opens with all that it needs, at its full height, so that nothing moves under the finger.
  const waits = cash.isPending || (tradeId !== undefined && !event.isFetchedAfterMount);
  if (failed === null && waits) return null;
  const what = event.data === undefined ? '' : words(event.data.type);
  return (
    <Dialog
      title={
        tradeId === undefined ? (
          <Trans>Record a trade of {name}</Trans>
        ) : (
          <Trans>
            Correct a trade of {name}: {what}
          </Trans>
        )
      }
      onClose={onClose}
    >
      {failed === null ? (
        <TradeForm holding={holding} event={event.data} cash={cash.data ?? []} onClose={onClose} />
      ) : (
        <Failure error={failed} />
      )}
    </Dialog>
  );
};
