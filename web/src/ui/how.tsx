import { Trans, useLingui } from '@lingui/react/macro';
import { CloseButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import classes from './how.module.css';

/** One thing that a figure rests on. */
export type HowInput = {
  readonly label: ReactNode;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly state?: 'missing' | 'stale' | undefined;
};

/** Where a figure comes from: everything that "how?" shows. */
export type How = {
  readonly title: ReactNode;
  /** The formula in words. */
  readonly formula: ReactNode;
  readonly inputs?: readonly HowInput[];
  readonly source?: ReactNode;
  readonly asOf?: ReactNode;
  readonly note?: ReactNode;
  readonly links?: readonly { readonly label: ReactNode; readonly to: string }[];
};

type Open = {
  readonly anchor: HTMLElement;
  readonly how: () => How;
  readonly pinned: boolean;
  readonly id: string;
};

const HOVER_MS = 180;
const LEAVE_MS = 160;

let open: Open | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const set = (next: Open | null): void => {
  open = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const later = (ms: number, act: () => void): void => {
  clearTimeout(timer);
  timer = setTimeout(act, ms);
};
const leave = (): void =>
  later(LEAVE_MS, () => {
    if (open?.pinned !== true) set(null);
  });
const close = (): void => {
  clearTimeout(timer);
  const anchor = open?.pinned === true ? open.anchor : null;
  set(null);
  anchor?.focus();
};

/**
 * A figure that can be asked "how?": hovering or focusing shows where it comes from, a click, a tap or Enter keeps it
 * open and moves into it. One panel serves every figure of the page, so that tables of thousands stay light.
 */
export const HowButton = ({
  how,
  children,
  className,
}: {
  how: () => How;
  children: ReactNode;
  className?: string | undefined;
}) => {
  const { t } = useLingui();
  const id = useId();
  const shown = useSyncExternalStore(subscribe, () => open?.id === id);
  const ref = useRef<HTMLButtonElement>(null);
  const show = (pinned: boolean): void => {
    if (ref.current) set({ anchor: ref.current, how, pinned, id });
  };
  return (
    <button
      ref={ref}
      type="button"
      className={`${classes['trigger']} ${className ?? ''}`}
      aria-haspopup="dialog"
      aria-expanded={shown}
      onPointerEnter={(event) =>
        event.pointerType === 'mouse' && open?.pinned !== true && later(HOVER_MS, () => show(false))
      }
      onPointerLeave={leave}
      onFocus={(event) =>
        event.currentTarget.matches(':focus-visible') &&
        open?.pinned !== true &&
        later(HOVER_MS, () => show(false))
      }
      onBlur={leave}
      onClick={(event) => {
        event.stopPropagation();
        clearTimeout(timer);
        show(true);
      }}
    >
      {children}
      <span className="sr-only">{t`, how?`}</span>
    </button>
  );
};

const GAP = 8;
const EDGE = 12;

/** Below the figure, or above it where the page ends; never past the edges. */
const place = (anchor: DOMRect, panel: DOMRect): { left: number; top: number } => {
  const left = Math.max(EDGE, Math.min(anchor.right - panel.width, window.innerWidth - panel.width - EDGE));
  const below = anchor.bottom + GAP;
  const top =
    below + panel.height > window.innerHeight - EDGE
      ? Math.max(EDGE, anchor.top - panel.height - GAP)
      : below;
  return { left, top };
};

const usePlacement = (current: Open, panel: React.RefObject<HTMLDivElement | null>) => {
  const [at, setAt] = useState<{ left: number; top: number } | null>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    if (!element) return undefined;
    element.showPopover();
    const update = (): void =>
      setAt(place(current.anchor.getBoundingClientRect(), element.getBoundingClientRect()));
    update();
    window.addEventListener('scroll', update, { capture: true, passive: true });
    window.addEventListener('resize', update);
    return () => {
      window.removeEventListener('scroll', update, { capture: true });
      window.removeEventListener('resize', update);
    };
  }, [current, panel]);
  return at;
};

const useDismissal = (current: Open, panel: React.RefObject<HTMLDivElement | null>): void => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      close();
    };
    const onPointer = (event: PointerEvent): void => {
      const target = event.target as Node;
      if (panel.current?.contains(target) === true || current.anchor.contains(target)) return;
      set(null);
    };
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('pointerdown', onPointer, true);
    return () => {
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('pointerdown', onPointer, true);
    };
  }, [current, panel]);
};

const Inputs = ({ inputs }: { inputs: readonly HowInput[] }) => (
  <dl className={classes['inputs']}>
    {inputs.map((input, index) => (
      <div key={index} className={classes['input']} data-state={input.state}>
        <dt>{input.label}</dt>
        <dd>
          {input.value}
          {input.note !== undefined && <span className={classes['note']}>{input.note}</span>}
        </dd>
      </div>
    ))}
  </dl>
);

const Panel = ({ current }: { current: Open }) => {
  const { t } = useLingui();
  const ref = useRef<HTMLDivElement>(null);
  const heading = useId();
  const at = usePlacement(current, ref);
  useDismissal(current, ref);
  const { pinned } = current;
  // A panel that is not placed yet is hidden, and what is hidden takes no focus.
  const placed = at !== null;
  useEffect(() => {
    if (pinned && placed) ref.current?.focus({ preventScroll: true });
  }, [pinned, placed]);
  const how = current.how();
  return (
    <div
      ref={ref}
      popover="manual"
      role="dialog"
      aria-labelledby={heading}
      tabIndex={-1}
      className={classes['panel']}
      style={at ? { left: at.left, top: at.top } : { visibility: 'hidden' }}
      onPointerEnter={() => clearTimeout(timer)}
      onPointerLeave={leave}
    >
      <header className={classes['head']}>
        <h2 id={heading}>{how.title}</h2>
        {pinned && <CloseButton size="sm" aria-label={t`Close`} onClick={close} />}
      </header>
      <p className={classes['formula']}>{how.formula}</p>
      {how.inputs && how.inputs.length > 0 && <Inputs inputs={how.inputs} />}
      {how.note !== undefined && <p className={classes['foot']}>{how.note}</p>}
      {(how.source !== undefined || how.asOf !== undefined) && (
        <p className={classes['foot']}>
          {how.source !== undefined && (
            <span>
              <Trans>Source: {how.source}</Trans>
            </span>
          )}
          {how.asOf !== undefined && (
            <span>
              <Trans>As of {how.asOf}</Trans>
            </span>
          )}
        </p>
      )}
      {how.links && how.links.length > 0 && (
        <p className={classes['foot']}>
          {how.links.map((link) => (
            <Link key={link.to} to={link.to} onClick={() => set(null)}>
              {link.label}
            </Link>
          ))}
        </p>
      )}
    </div>
  );
};

/** The one panel, once in the frame. */
export const HowPanel = () => {
  const current = useSyncExternalStore(subscribe, () => open);
  return current ? <Panel key={`${current.id}${String(current.pinned)}`} current={current} /> : null;
};

/** Closes the panel when the page under it changes. */
export const forgetHow = (): void => set(null);
