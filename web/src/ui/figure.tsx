import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useFormat } from '../lib/preferences.tsx';
import classes from './figure.module.css';
import { useFlash } from './flash.ts';
import { HowButton, type How } from './how.tsx';

type Common = {
  /** Where the figure comes from; makes it a button. */
  readonly how?: (() => How) | undefined;
  /** Shown when the value is null: what is missing, in a word or two. */
  readonly missing?: ReactNode;
  /** The figure rests on an old input. */
  readonly stale?: boolean | undefined;
};

type FigureProps = Common &
  (
    | {
        readonly kind: 'money';
        readonly value: string | null;
        readonly currency: string;
        readonly signed?: boolean;
        readonly bare?: boolean;
      }
    | {
        readonly kind: 'quantity' | 'price' | 'rate';
        readonly value: string | null;
        readonly unit?: string | undefined;
      }
    | {
        readonly kind: 'percent';
        readonly value: string | number | null;
        readonly signed?: boolean;
        readonly bare?: boolean;
      }
  );

const useText = (props: FigureProps): string | null => {
  const format = useFormat();
  if (props.value === null) return null;
  if (props.kind === 'money') {
    return props.bare === true
      ? format.amount(props.value, props.currency, props.signed)
      : format.money(props.value, props.currency, props.signed);
  }
  if (props.kind === 'percent') {
    return props.bare === true
      ? format.percentFigure(props.value)
      : format.percent(props.value, props.signed);
  }
  const written = format[props.kind](props.value);
  return props.unit === undefined ? written : `${written} ${props.unit}`;
};

/** A figure with tabular digits, a proper minus and its provenance; a missing one says so instead of showing a zero. */
export const Figure = (props: FigureProps) => {
  const text = useText(props);
  const { t } = useLingui();
  const element = useFlash<HTMLSpanElement>(text);
  const shown =
    text === null ? (
      <span className={classes['missing']}>{props.missing ?? <Trans>missing</Trans>}</span>
    ) : (
      <span ref={element} className={classes['figure']}>
        {text}
        {props.stale === true && (
          <span className={classes['stale']} title={t`Rests on an old price`}>
            {' '}
            <Trans>stale</Trans>
          </span>
        )}
      </span>
    );
  return props.how ? <HowButton how={props.how}>{shown}</HowButton> : shown;
};

const direction = (value: string | number): 'up' | 'down' | 'flat' => {
  const text = String(value);
  if (!/[1-9]/.test(text)) return 'flat';
  return text.startsWith('-') ? 'down' : 'up';
};

/** A gain or a loss: sign and arrow say which, colour only repeats it. */
export const Change = (props: FigureProps) => {
  const text = useText({ ...props, signed: true } as FigureProps);
  const element = useFlash<HTMLSpanElement>(text);
  if (text === null || props.value === null) return <Figure {...props} />;
  const way = direction(props.value);
  const shown = (
    <span ref={element} className={classes['change']} data-way={way}>
      {way === 'up' && <IconArrowUp aria-hidden size="0.95em" stroke={2.2} />}
      {way === 'down' && <IconArrowDown aria-hidden size="0.95em" stroke={2.2} />}
      {text}
    </span>
  );
  return props.how ? <HowButton how={props.how}>{shown}</HowButton> : shown;
};
