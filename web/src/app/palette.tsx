import { Trans, useLingui } from '@lingui/react/macro';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { showPalette } from './palette-state.ts';
import classes from './palette.module.css';
import { useTargets, type Target } from './palette-targets.ts';

const SEARCH_PAUSE_MS = 160;
const MOST_SHOWN = 40;

/** All words of the query begin a word, or stand within the text, of what they look for. */
const fits = (target: Target, words: readonly string[]): boolean => {
  const text = `${target.name} ${target.detail ?? ''} ${target.group}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

const useDialog = () => {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return ref;
};

const Option = (props: {
  target: Target;
  id: string;
  active: boolean;
  onPick: () => void;
  onHover: () => void;
}) => {
  const ref = useRef<HTMLDivElement>(null);
  const { active, target } = props;
  useEffect(() => {
    if (active) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div
      ref={ref}
      id={props.id}
      role="option"
      aria-selected={active}
      className={classes['option']}
      onClick={props.onPick}
      onPointerMove={props.onHover}
    >
      <span className={classes['name']}>{target.name}</span>
      {target.detail !== undefined && <span className={classes['detail']}>{target.detail}</span>}
      <span className={classes['group']}>{target.group}</span>
    </div>
  );
};

const keysOf =
  (
    shown: readonly Target[],
    at: number,
    setAt: (at: number) => void,
    pick: (target: Target | undefined) => void,
  ) =>
  (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      setAt((at + step + shown.length) % shown.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(shown[at]);
    }
  };

/** Reaches every page, portfolio, holding, instrument and action by typing a few letters. */
export const Palette = () => {
  const { t } = useLingui();
  const dialog = useDialog();
  const base = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [settled] = useDebouncedValue(typed, SEARCH_PAUSE_MS);
  const targets = useTargets(settled);
  const shown = useMemo(() => {
    const words = typed
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    return targets.filter((target) => target.found === true || fits(target, words)).slice(0, MOST_SHOWN);
  }, [targets, typed]);
  const pick = (target: Target | undefined): void => {
    if (!target) return;
    showPalette(false);
    target.go();
  };
  const onKeyDown = keysOf(shown, at, setAt, pick);
  return (
    <dialog
      ref={dialog}
      className={classes['palette']}
      aria-label={t`Find anything`}
      onCancel={() => showPalette(false)}
      onClick={(event) => event.target === event.currentTarget && showPalette(false)}
    >
      <input
        className={classes['input']}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${base}-list`}
        aria-activedescendant={shown.length > 0 ? `${base}-${at}` : undefined}
        aria-label={t`Page, portfolio, holding, instrument or action`}
        placeholder={t`Page, holding, instrument, action…`}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${base}-list`} role="listbox" aria-label={t`Found`} className={classes['list']}>
        {shown.map((target, index) => (
          <Option
            key={target.key}
            id={`${base}-${index}`}
            target={target}
            active={index === at}
            onPick={() => pick(target)}
            onHover={() => setAt(index)}
          />
        ))}
      </div>
      {shown.length === 0 && (
        <p className={classes['none']}>
          <Trans>Nothing fits “{typed}”.</Trans>
        </p>
      )}
    </dialog>
  );
};
