import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Button, Menu, NativeSelect, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDots, IconPlus } from '@tabler/icons-react';
import { useId, useState, type KeyboardEvent } from 'react';
import type { ListKind } from '@pm/domain/portfolios';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useListChange, type ListAct } from './list-changes.ts';
import classes from './lists.module.css';
import type { Portfolio } from './queries.ts';

/** What is being said about one name: another one, or where what is filed under it goes. */
type Asking =
  | { readonly what: 'rename'; readonly name: string }
  | { readonly what: 'merge' | 'remove'; readonly name: string; readonly why?: string };

type ListProps = {
  readonly portfolio: Portfolio;
  readonly list: ListKind;
  readonly title: string;
  readonly addLabel: string;
};

const swapped = (names: readonly string[], from: number, to: number): string[] => {
  const next = [...names];
  const [moved] = next.splice(from, 1);
  if (moved !== undefined) next.splice(to, 0, moved);
  return next;
};

/** Asks where what is filed under a name goes, before the name is given up. */
const GiveUp = (props: {
  asking: Asking & { what: 'merge' | 'remove' };
  others: readonly string[];
  busy: boolean;
  onClose: () => void;
  onSend: (to: string) => void;
}) => {
  const { asking, others, busy, onClose, onSend } = props;
  const [to, setTo] = useState(others[0] ?? '');
  const { name } = asking;
  const isMerge = asking.what === 'merge';
  return (
    <Dialog
      title={isMerge ? <Trans>Merge “{name}” into another</Trans> : <Trans>Remove “{name}”</Trans>}
      onClose={onClose}
    >
      <form
        className={classes['ask']}
        onSubmit={(event) => {
          event.preventDefault();
          onSend(to);
        }}
      >
        {asking.why !== undefined && <p>{asking.why}</p>}
        <NativeSelect
          data-autofocus
          label={isMerge ? <Trans>The one that stays</Trans> : <Trans>Its holdings move to</Trans>}
          data={[...others]}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <p className={classes['quiet']}>
          {isMerge ? (
            <Trans>
              Its holdings and its target become those of the other. Neither can be told apart afterwards.
            </Trans>
          ) : (
            <Trans>Its target is dropped. Its holdings cannot be told from the others afterwards.</Trans>
          )}
        </p>
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={busy} disabled={to === ''}>
            {isMerge ? <Trans>Merge</Trans> : <Trans>Remove</Trans>}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

/** A name that becomes a field when it is renamed: Enter keeps, Escape leaves it as it was. */
const NameField = (props: {
  name: string;
  editing: boolean;
  onEdit: () => void;
  onRename: (to: string) => void;
  onCancel: () => void;
  onMove: (by: 1 | -1) => void;
}) => {
  const { t } = useLingui();
  const [typed, setTyped] = useState(props.name);
  if (!props.editing) {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
      event.preventDefault();
      props.onMove(event.key === 'ArrowUp' ? -1 : 1);
    };
    return (
      <button
        type="button"
        className={classes['name']}
        title={t`Rename; Alt and an arrow move it`}
        onKeyDown={onKeyDown}
        onClick={() => {
          setTyped(props.name);
          props.onEdit();
        }}
      >
        {props.name}
      </button>
    );
  }
  return (
    <TextInput
      size="xs"
      autoFocus
      className={classes['field'] ?? ''}
      aria-label={t`New name of ${props.name}`}
      maxLength={100}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => (typed.trim() === '' ? props.onCancel() : props.onRename(typed.trim()))}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') props.onCancel();
      }}
    />
  );
};

const RowMenu = (props: {
  name: string;
  place: number;
  count: number;
  onMove: (by: 1 | -1) => void;
  onAsk: (what: Asking['what']) => void;
}) => {
  const { t } = useLingui();
  const { place, count, onMove, onAsk } = props;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={t`Change ${props.name}`}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk('rename')}>
          <Trans>Rename</Trans>
        </Menu.Item>
        <Menu.Item
          disabled={place === 0}
          leftSection={<IconArrowUp size={15} aria-hidden />}
          onClick={() => onMove(-1)}
        >
          <Trans>Move up</Trans>
        </Menu.Item>
        <Menu.Item
          disabled={place === count - 1}
          leftSection={<IconArrowDown size={15} aria-hidden />}
          onClick={() => onMove(1)}
        >
          <Trans>Move down</Trans>
        </Menu.Item>
        <Menu.Item disabled={count < 2} onClick={() => onAsk('merge')}>
          <Trans>Merge into another…</Trans>
        </Menu.Item>
        <Menu.Item color="rust" onClick={() => onAsk('remove')}>
          <Trans>Remove</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

/** What can be done with the names of one list. */
const useActs = ({ portfolio, list }: ListProps, ask: (asking: Asking | null) => void) => {
  const { t } = useLingui();
  const { act, busy } = useListChange(portfolio);
  const names = portfolio.lists[list];
  const run = async (one: ListAct, refused?: (why: string) => void): Promise<void> => {
    const problem = await act(one);
    if (problem === null) return ask(null);
    if (problem.fields.some(({ field }) => field === 'moveTo') && refused) return refused(problem.message);
    toast(problem.message, { tone: 'bad' });
  };
  return {
    busy,
    add: (name: string) =>
      run({ change: { type: 'add', list, name }, said: t`“${name}” is added.`, undo: 'documents' }),
    rename: (name: string, to: string) =>
      name === to
        ? ask(null)
        : void run({
            change: { type: 'rename', list, name, to },
            said: t`“${name}” is now “${to}”, with its holdings.`,
            undo: { type: 'rename', list, name: to, to: name },
          }),
    move: (name: string, by: 1 | -1): void => {
      const from = names.indexOf(name);
      if (from + by < 0 || from + by >= names.length) return;
      const change = { type: 'order', list, names: swapped(names, from, from + by) } as const;
      void run({ change, said: t`“${name}” is moved.`, undo: 'documents' });
    },
    section: (name: string, to: string): void => {
      const from = portfolio.lists.themeSections[name] ?? '';
      const undo = { type: 'section', name, to: from } as const;
      void run({
        change: { type: 'section', name, to },
        said: t`“${name}” is in ${to} now, with its holdings.`,
        undo,
      });
    },
    merge: (name: string, to: string) =>
      run({ change: { type: 'merge', list, name, to }, said: t`“${name}” is part of “${to}” now.` }),
    remove: (name: string, moveTo?: string) =>
      run(
        {
          change: { type: 'remove', list, name, ...(moveTo !== undefined && { moveTo }) },
          said: t`“${name}” is removed.`,
          ...(moveTo === undefined && { undo: 'documents' as const }),
        },
        (why) => ask({ what: 'remove', name, why }),
      ),
  };
};

const Adding = ({ label, onAdd }: { label: string; onAdd: (name: string) => Promise<void> }) => {
  const [typed, setTyped] = useState('');
  return (
    <form
      className={classes['add']}
      onSubmit={(event) => {
        event.preventDefault();
        const name = typed.trim();
        if (name !== '') void onAdd(name).then(() => setTyped(''));
      }}
    >
      <TextInput
        size="xs"
        aria-label={label}
        placeholder={label}
        maxLength={100}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={typed.trim() === ''}
      >
        <Trans>Add</Trans>
      </Button>
    </form>
  );
};

const List = (props: ListProps) => {
  const { t } = useLingui();
  const heading = useId();
  const { portfolio, list, title } = props;
  const [asking, setAsking] = useState<Asking | null>(null);
  const acts = useActs(props, setAsking);
  const names = portfolio.lists[list];
  const askFor = (name: string) => (what: Asking['what']) => {
    if (what === 'remove') void acts.remove(name);
    else setAsking({ what, name });
  };
  return (
    <section className={classes['list']} aria-labelledby={heading}>
      <h3 id={heading} className={classes['title']}>
        {title}
      </h3>
      <ul className={classes['rows']}>
        {names.map((name, place) => (
          <li key={name} className={classes['row']}>
            <NameField
              name={name}
              editing={asking?.what === 'rename' && asking.name === name}
              onEdit={() => setAsking({ what: 'rename', name })}
              onCancel={() => setAsking(null)}
              onRename={(to) => acts.rename(name, to)}
              onMove={(by) => acts.move(name, by)}
            />
            {list === 'themes' && (
              <NativeSelect
                size="xs"
                className={classes['section'] ?? ''}
                aria-label={t`Section of ${name}`}
                value={portfolio.lists.themeSections[name] ?? ''}
                data={[...portfolio.lists.sections]}
                disabled={acts.busy}
                onChange={(event) => acts.section(name, event.currentTarget.value)}
              />
            )}
            <RowMenu
              name={name}
              place={place}
              count={names.length}
              onMove={(by) => acts.move(name, by)}
              onAsk={askFor(name)}
            />
          </li>
        ))}
      </ul>
      <Adding label={props.addLabel} onAdd={acts.add} />
      {asking !== null && asking.what !== 'rename' && (
        <GiveUp
          key={`${asking.what} ${asking.name}`}
          asking={asking}
          others={names.filter((name) => name !== asking.name)}
          busy={acts.busy}
          onClose={() => setAsking(null)}
          onSend={(to) =>
            void (asking.what === 'merge' ? acts.merge(asking.name, to) : acts.remove(asking.name, to))
          }
        />
      )}
    </section>
  );
};

/** The sections, themes and accounts of a portfolio: each is changed at once, with its holdings. */
export const ListsEditor = ({ portfolio }: { portfolio: Portfolio }) => {
  const { t } = useLingui();
  return (
    <>
      <div className={classes['lists']}>
        <List portfolio={portfolio} list="sections" title={t`Sections`} addLabel={t`Another section`} />
        <List
          portfolio={portfolio}
          list="themes"
          title={t`Themes, each in a section`}
          addLabel={t`Another theme`}
        />
        <List portfolio={portfolio} list="accounts" title={t`Accounts`} addLabel={t`Another account`} />
      </div>
      {portfolio.lists.sections.length === 0 && (
        <Note tone="warn">
          <p>
            <Trans>Themes and holdings need a section; add one first.</Trans>
          </p>
        </Note>
      )}
    </>
  );
};
