import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import {
  budgetProblems,
  entryOf,
  percentOfNumber,
  settleBudgets,
  targetTotalOf,
  type Budgets,
  type ListKind,
  type ThemeBudget,
} from '@pm/domain/portfolios';
import { decimalText, dec, ZERO } from '@pm/domain/money';
import { useFormat } from '../../lib/preferences.tsx';
import { useDecimalReader } from '../../ui/form.tsx';
import { Failure, Note } from '../../ui/page.tsx';
import type { Portfolio } from '../portfolios/queries.ts';
import { usePatchPortfolio } from '../portfolios/settings-forms.tsx';
import classes from './allocation.module.css';
import { BaseWords } from './how.tsx';

type Field = 'percentOfSection' | 'percent' | 'amount';
/** What stands in the field that is being typed in, as typed. */
type Typed = { readonly list: ListKind; readonly name: string; readonly field: Field; readonly text: string };

const textOf = (budget: ThemeBudget | undefined, field: Field): string => {
  const value = budget?.[field];
  if (value === undefined) return '';
  if (typeof value === 'string') return decimalText(dec(value).toDecimalPlaces(2));
  return decimalText(percentOfNumber(value).toDecimalPlaces(4));
};

/** The budgets with one field as typed; the others follow. Empty takes the target away. */
const withField = (
  portfolio: Portfolio,
  before: Budgets,
  { list, name, field, text }: Typed,
  read: (typed: string) => string | null,
): Budgets => {
  const { [name]: own, ...others } = before[list];
  const number = read(text);
  const isEmpty = text.trim() === '';
  if (!isEmpty && (number === null || number.startsWith('-'))) return before;
  const value = field === 'amount' ? number : Number(number);
  const entry = isEmpty ? [] : [[name, { ...own, [field]: value }] as const];
  const given = { ...before, [list]: { ...others, ...Object.fromEntries(entry) } } as Budgets;
  return settleBudgets(given, { lists: portfolio.lists, total: targetTotalOf(portfolio.settings), before });
};

const useEditor = (portfolio: Portfolio) => {
  const read = useDecimalReader();
  const [budgets, setBudgets] = useState<Budgets>(portfolio.budgets);
  const [typed, setTyped] = useState<Typed | null>(null);
  const field = (list: ListKind, name: string, which: Field) => {
    const isTyped = typed?.list === list && typed.name === name && typed.field === which;
    const text = isTyped ? typed.text : textOf(entryOf(budgets[list], name), which);
    const isWrong = isTyped && text.trim() !== '' && (read(text) === null || text.includes('-'));
    return {
      value: text,
      error: isWrong,
      onChange: (next: string): void => {
        const now = { list, name, field: which, text: next };
        setTyped(now);
        setBudgets(withField(portfolio, budgets, now, read));
      },
      onBlur: () => setTyped(null),
    };
  };
  return { budgets, field, reset: () => setBudgets(portfolio.budgets) };
};
type Editor = ReturnType<typeof useEditor>;

const Cell = (props: { editor: Editor; list: ListKind; name: string; field: Field; label: string }) => {
  const { t } = useLingui();
  const { value, error, onChange, onBlur } = props.editor.field(props.list, props.name, props.field);
  const head = { percentOfSection: t`of its section`, percent: t`of the whole`, amount: t`Amount` }[
    props.field
  ];
  return (
    <td data-head={head}>
      <TextInput
        size="xs"
        inputMode="decimal"
        className={classes[props.field === 'amount' ? 'amount' : 'share'] ?? ''}
        aria-label={props.label}
        error={error}
        value={value}
        rightSection={props.field === 'amount' ? undefined : '%'}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={onBlur}
      />
    </td>
  );
};

type RowsProps = { readonly portfolio: Portfolio; readonly editor: Editor };

const ThemeRow = ({ editor, theme }: { editor: Editor; theme: string }) => {
  const { t } = useLingui();
  return (
    <tr data-theme>
      <th scope="row">{theme}</th>
      <Cell
        editor={editor}
        list="themes"
        name={theme}
        field="percentOfSection"
        label={t`${theme}, share of its section`}
      />
      <Cell
        editor={editor}
        list="themes"
        name={theme}
        field="percent"
        label={t`${theme}, share of the whole`}
      />
      <Cell editor={editor} list="themes" name={theme} field="amount" label={t`${theme}, amount`} />
    </tr>
  );
};

const sumOfShares = (all: readonly (number | undefined)[]): string =>
  decimalText(all.reduce((sum, one) => sum.plus(one === undefined ? ZERO : percentOfNumber(one)), ZERO));

const isOver = (sum: string): boolean => dec(sum).greaterThan('100.05');

const SectionRows = ({ portfolio, editor, section }: RowsProps & { section: string }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { themes, themeSections } = portfolio.lists;
  const mine = themes.filter((theme) => themeSections[theme] === section);
  const sum = sumOfShares(mine.map((theme) => entryOf(editor.budgets.themes, theme)?.percentOfSection));
  return (
    <>
      <tr data-section>
        <th scope="row">{section}</th>
        <td />
        <Cell
          editor={editor}
          list="sections"
          name={section}
          field="percent"
          label={t`${section}, share of the whole`}
        />
        <Cell editor={editor} list="sections" name={section} field="amount" label={t`${section}, amount`} />
      </tr>
      {mine.map((theme) => (
        <ThemeRow key={theme} editor={editor} theme={theme} />
      ))}
      {mine.length > 0 && (
        <tr data-sum data-bad={isOver(sum)}>
          <th scope="row">
            <Trans>Themes of {section} together</Trans>
          </th>
          <td>{format.percent(sum)}</td>
          <td colSpan={2} />
        </tr>
      )}
    </>
  );
};

const Sum = ({ shares, words }: { shares: readonly (number | undefined)[]; words: string }) => {
  const format = useFormat();
  const sum = sumOfShares(shares);
  return (
    <tr data-sum data-bad={isOver(sum)}>
      <th scope="row">{words}</th>
      <td />
      <td>{format.percent(sum)}</td>
      <td />
    </tr>
  );
};

const Head = ({ of, currency }: { of: string; currency: string }) => (
  <thead>
    <tr>
      <th scope="col">{of}</th>
      <th scope="col">
        <Trans>of its section</Trans>
      </th>
      <th scope="col">
        <Trans>of the whole</Trans>
      </th>
      <th scope="col">
        <Trans>Amount, {currency}</Trans>
      </th>
    </tr>
  </thead>
);

const TotalWords = ({ portfolio }: { portfolio: Portfolio }) => {
  const format = useFormat();
  const total = targetTotalOf(portfolio.settings);
  return (
    <p className={classes['lead']}>
      {total === null ? (
        <Trans>
          No total is aimed for: shares are of the value of the day, and amounts stand by themselves.
        </Trans>
      ) : (
        <Trans>
          Amounts are shares of {format.money(decimalText(total.amount), portfolio.baseCurrency)},{' '}
          <BaseWords from={total.from} />.
        </Trans>
      )}{' '}
      <Link to="/settings/portfolio" search={{ portfolio: portfolio.id }}>
        <Trans>Change the total, the names or their order</Trans>
      </Link>
    </p>
  );
};

const Tables = ({ portfolio, editor }: RowsProps) => {
  const { t } = useLingui();
  const { budgets } = editor;
  const { lists } = portfolio;
  return (
    <>
      <table className={classes['budgets']}>
        <caption className="sr-only">{t`Targets of sections and themes`}</caption>
        <Head of={t`Section and theme`} currency={portfolio.baseCurrency} />
        <tbody>
          {lists.sections.map((section) => (
            <SectionRows key={section} portfolio={portfolio} editor={editor} section={section} />
          ))}
          <Sum
            shares={Object.values(budgets.sections).map((one) => one.percent)}
            words={t`Sections together`}
          />
        </tbody>
      </table>
      <table className={classes['budgets']}>
        <caption className="sr-only">{t`Targets of accounts`}</caption>
        <Head of={t`Account`} currency={portfolio.baseCurrency} />
        <tbody>
          {lists.accounts.map((account) => (
            <tr key={account} data-section>
              <th scope="row">{account}</th>
              <td />
              <Cell
                editor={editor}
                list="accounts"
                name={account}
                field="percent"
                label={t`${account}, share of the whole`}
              />
              <Cell
                editor={editor}
                list="accounts"
                name={account}
                field="amount"
                label={t`${account}, amount`}
              />
            </tr>
          ))}
          <Sum
            shares={Object.values(budgets.accounts).map((one) => one.percent)}
            words={t`Accounts together`}
          />
        </tbody>
      </table>
    </>
  );
};

/** Sets targets of sections, themes and accounts; shares and amounts follow each other while they are typed. */
export const BudgetsEditor = ({ portfolio }: { portfolio: Portfolio }) => {
  const editor = useEditor(portfolio);
  const patch = usePatchPortfolio(portfolio);
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const { budgets } = editor;
  const problems = budgetProblems(budgets, portfolio.lists);
  const save = async (): Promise<void> => {
    setState({ busy: true, error: null });
    try {
      await patch({ budgets }, { budgets: portfolio.budgets });
      setState({ busy: false, error: null });
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TotalWords portfolio={portfolio} />
      <Tables portfolio={portfolio} editor={editor} />
      {problems.length > 0 && (
        <Note tone="warn" live>
          {problems.map((one) => (
            <p key={one.field + one.message}>{one.message}.</p>
          ))}
        </Note>
      )}
      {state.error !== null && <Failure error={state.error} />}
      <div className={classes['send']}>
        <Button variant="default" onClick={editor.reset}>
          <Trans>Start again</Trans>
        </Button>
        <Button type="submit" loading={state.busy} disabled={problems.length > 0}>
          <Trans>Save targets</Trans>
        </Button>
      </div>
    </form>
  );
};
