import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { useDecimalReader } from '../../ui/form.tsx';
import { Failure } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import classes from '../identity/settings.module.css';
import type { Portfolio } from './queries.ts';

/** A name with what belongs to it: a section's target share, a theme's section. */
type Entry = { readonly key: number; readonly name: string; readonly extra: string };
type Lists = {
  readonly sections: readonly Entry[];
  readonly themes: readonly Entry[];
  readonly accounts: readonly Entry[];
};
type Kind = keyof Lists;

let nextKey = 1;
const entry = (name: string, extra = ''): Entry => {
  nextKey += 1;
  return { key: nextKey, name, extra };
};

const listsOf = ({ lists, budgets }: Portfolio): Lists => ({
  sections: lists.sections.map((name) => {
    const share = budgets.sections[name]?.percent;
    return entry(name, share === undefined ? '' : String(share));
  }),
  themes: lists.themes.map((name) => entry(name, lists.themeSections[name] ?? '')),
  accounts: lists.accounts.map((name) => entry(name)),
});

const named = (entries: readonly Entry[]): Entry[] => entries.filter(({ name }) => name.trim() !== '');
const names = (entries: readonly Entry[]): string[] => [
  ...new Set(named(entries).map(({ name }) => name.trim())),
];

const useSave = (portfolio: Portfolio) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const read = useDecimalReader();
  return useMutation({
    mutationFn: ({ sections, themes, accounts }: Lists) => {
      const themeSections = Object.fromEntries(
        named(themes)
          .filter(({ extra }) => extra !== '')
          .map(({ name, extra }) => [name.trim(), extra]),
      );
      const budgets = Object.fromEntries(
        named(sections).map(({ name, extra }) => {
          const before = portfolio.budgets.sections[name.trim()];
          const percent = read(extra);
          return [name.trim(), { ...before, percent: percent === null ? undefined : Number(percent) }];
        }),
      );
      const body = {
        lists: { sections: names(sections), themes: names(themes), accounts: names(accounts), themeSections },
        budgets: { sections: budgets },
      };
      return api('PATCH /api/portfolios/:id', {
        params: { id: portfolio.id },
        version: portfolio.version,
        body,
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['portfolios'] });
      toast(t`Saved.`);
    },
  });
};

type EntriesProps = {
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly change: (entries: readonly Entry[]) => void;
  readonly renderExtra?: (entry: Entry, set: (extra: string) => void) => ReactNode;
};

const Entries = ({ title, entries, change, renderExtra }: EntriesProps) => {
  const { t } = useLingui();
  const set = (key: number, part: Partial<Entry>): void =>
    change(entries.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <fieldset className={classes['group']}>
      <legend>
        <strong>{title}</strong>
      </legend>
      <div className={classes['names']}>
        {entries.map((one) => (
          <div key={one.key} className={classes['nameRow']}>
            <TextInput
              aria-label={t`Name`}
              value={one.name}
              maxLength={100}
              onChange={(event) => set(one.key, { name: event.currentTarget.value })}
            />
            {renderExtra?.(one, (value) => set(one.key, { extra: value }))}
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={t`Take ${one.name} off the list`}
              onClick={() => change(entries.filter((other) => other.key !== one.key))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            onClick={() => change([...entries, entry('')])}
          >
            <Trans>Add</Trans>
          </Button>
        </div>
      </div>
    </fieldset>
  );
};

/** Edits the names that a portfolio's holdings are sorted by, and the share each section should have. */
export const ListsForm = ({ portfolio }: { portfolio: Portfolio }) => {
  const { t } = useLingui();
  const format = useFormat();
  const [lists, setLists] = useState(() => listsOf(portfolio));
  const save = useSave(portfolio);
  const change =
    (kind: Kind) =>
    (entries: readonly Entry[]): void =>
      setLists((before) => ({ ...before, [kind]: entries }));
  const sections = [
    { value: '', label: t`no section` },
    ...names(lists.sections).map((name) => ({ value: name, label: name })),
  ];
  const read = useDecimalReader();
  const sum = lists.sections.reduce((total, { extra }) => total + Number(read(extra) ?? 0), 0);
  return (
    <form
      className={classes['names']}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(lists);
      }}
    >
      <Entries
        title={t`Sections, with their target share in %`}
        entries={lists.sections}
        change={change('sections')}
        renderExtra={(one, set) => (
          <TextInput
            aria-label={t`Target share of ${one.name}, per cent`}
            inputMode="decimal"
            className={classes['percent'] ?? ''}
            value={one.extra}
            rightSection="%"
            onChange={(event) => set(event.currentTarget.value)}
          />
        )}
      />
      <p className={classes['quiet']}>
        <Trans>Together {format.percent(sum)}</Trans>
      </p>
      <Entries
        title={t`Themes, with the section each belongs to`}
        entries={lists.themes}
        change={change('themes')}
        renderExtra={(one, set) => (
          <NativeSelect
            aria-label={t`Section of ${one.name}`}
            value={one.extra}
            data={sections}
            onChange={(event) => set(event.currentTarget.value)}
          />
        )}
      />
      <Entries title={t`Accounts`} entries={lists.accounts} change={change('accounts')} />
      {save.isError && <Failure error={save.error} />}
      <div className={classes['send']}>
        <Button type="submit" loading={save.isPending}>
          <Trans>Save lists</Trans>
        </Button>
      </div>
    </form>
  );
};
