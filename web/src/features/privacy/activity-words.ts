import { useLingui } from '@lingui/react/macro';
import { useFormat } from '../../lib/preferences.tsx';
import type { Answer } from '../../lib/api.ts';

export type Entry = Answer<'GET /api/me/activity'>['items'][number];
export type Item = Entry['items'][number];
export type Change = Item['changes'][number];

/** The names of fields, as a person knows them; of documents, those of their parts. */
const useFieldNames = (): Readonly<Record<string, string>> => {
  const { t } = useLingui();
  return {
    name: t`Name`,
    qty: t`Quantity`,
    cost_basis: t`Cost`,
    price: t`Price`,
    close: t`Price`,
    amount: t`Amount`,
    fees: t`Fees`,
    taxes: t`Taxes`,
    fx_rate: t`Exchange rate`,
    date: t`Day`,
    date_time: t`Time`,
    section: t`Section`,
    theme: t`Theme`,
    account: t`Account`,
    target_pct: t`Target share`,
    include: t`Counted in totals`,
    notes: t`Notes`,
    type: t`Kind`,
    currency: t`Currency`,
    base_currency: t`Currency`,
    quote_unit: t`Quoted in`,
    'lists.sections': t`Sections`,
    'lists.themes': t`Themes`,
    'lists.accounts': t`Accounts`,
    locale: t`How figures are written`,
    timezone: t`Time zone`,
    expertise_level: t`How much is explained`,
    role: t`May`,
    wrapper: t`Wrapper`,
    provider: t`Provider`,
    owner_name: t`Whose it is`,
    opened_on: t`Opened on`,
    closed_on: t`Closed on`,
    note: t`Note`,
    paused: t`Paused`,
    starts_on: t`From`,
    ends_on: t`Until`,
    every: t`Every`,
    day: t`Day`,
    file_name: t`File`,
    preset: t`Read as`,
    as_of: t`As of`,
    row_count: t`Rows`,
    user_agent: t`Browser`,
    revoked_reason: t`Why it ended`,
  };
};

/** `budgets.sections.Core.percent` is said as it is written, with its dots as arrows. */
export const useFieldName = (): ((field: string) => string) => {
  const names = useFieldNames();
  return (field) => names[field] ?? field.replaceAll('_', ' ').replaceAll('.', ' › ');
};

/** What was done that is no change of a row. */
const useActionWords = (): ((action: string, what: string) => string) => {
  const { t } = useLingui();
  return (action, what) => {
    if (action === 'import_statement') return t`Recorded a statement ${what}`;
    if (action === 'import_constituents') return t`Took in an issuer’s file ${what}`;
    return t`Did: ${action.replaceAll('_', ' ')}`;
  };
};

/** Why an act cannot be taken back, in words. */
export const useNoUndoWords = (): Readonly<Record<NonNullable<Entry['noUndo']>, string>> => {
  const { t } = useLingui();
  return {
    noChange: t`There is nothing to put back.`,
    isUndo: t`This took something back itself; do it again where it was done.`,
    over: t`It was deleted more than 30 days ago, or is back already.`,
    notKept: t`What belonged to it is not kept; make it again.`,
    tooMuch: t`It has too many parts to be taken back from here.`,
    several: t`It changed several things at once; change them back one by one.`,
  };
};

/** One item of an act as a sentence. */
export const useSentence = (): ((item: Item) => string) => {
  const { t } = useLingui();
  const format = useFormat();
  const actions = useActionWords();
  return ({ kind, action, title, trade }) => {
    const what = title ?? '';
    if (kind === 'trade' && trade !== null) {
      const type = trade.type.replace('_', ' ');
      const day = format.day(trade.date);
      if (action === 'added') return t`Recorded ${type} of ${day}: ${what}`;
      if (action === 'changed') return t`Corrected ${type} of ${day}: ${what}`;
      if (action === 'restored') return t`Restored ${type} of ${day}: ${what}`;
      return t`Deleted ${type} of ${day}: ${what}`;
    }
    if (kind === 'session') return action === 'added' ? t`Signed in` : t`A session ended`;
    if (kind === 'token') {
      return action === 'added' ? t`Made the token ${what}` : t`Changed the token ${what}`;
    }
    if (kind === 'profile') return action === 'added' ? t`Made your account` : t`Changed your settings`;
    if (kind === 'access') return t`Changed who shares a portfolio`;
    if (kind === 'price') {
      return action === 'deleted' ? t`Took a price of ${what} away` : t`Gave a price of ${what}`;
    }
    if (kind === 'debt') {
      return action === 'deleted' ? t`Took a debt of ${what} away` : t`Said what is owed: ${what}`;
    }
    if (kind === 'watch') {
      return action === 'deleted' ? t`Stopped watching ${what}` : t`Watched ${what}`;
    }
    if (kind === 'action') return actions(action, what);
    const words = {
      portfolio: t`portfolio`,
      holding: t`holding`,
      trade: t`trade`,
      account: t`account`,
      alert: t`alert`,
      plan: t`recurring plan`,
    }[kind];
    if (action === 'added') return t`Added the ${words} ${what}`;
    if (action === 'deleted') return t`Deleted the ${words} ${what}`;
    if (action === 'restored') return t`Restored the ${words} ${what}`;
    return t`Changed the ${words} ${what}`;
  };
};
