import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { MINUS } from '../../lib/format.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { HowButton, type How } from '../../ui/how.tsx';
import classes from './allocation.module.css';

type DriftProps = { readonly how?: (() => How) | undefined } & (
  | { readonly points: number }
  | { readonly amount: string; readonly currency: string }
);

/** Over or under target: sign and arrow, in the ink of other figures, because neither is a gain or a loss. */
export const DriftFigure = (props: DriftProps) => {
  const format = useFormat();
  const plain =
    'points' in props ? format.percentFigure(props.points) : format.amount(props.amount, props.currency);
  const isUnder = plain.startsWith(MINUS);
  const isZero = !/[1-9]/.test(plain);
  const Arrow = isUnder ? IconArrowDown : IconArrowUp;
  const shown = (
    <span className={classes['drift']}>
      {!isZero && <Arrow aria-hidden size="0.95em" stroke={2.2} />}
      {isUnder || isZero ? plain : `+${plain}`}
    </span>
  );
  return props.how ? <HowButton how={props.how}>{shown}</HowButton> : shown;
};
