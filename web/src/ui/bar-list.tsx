import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { coloursOf } from '../lib/colour.ts';
import classes from './bar-list.module.css';

export type Bar = {
  readonly name: string;
  /** Share of the whole in percent; decides the bar's length. Zero-based. */
  readonly percent: number;
  /** Several names together. */
  readonly rest?: boolean | undefined;
  readonly figure: ReactNode;
  readonly second?: ReactNode;
  readonly to?: string | undefined;
};

/** A ranked list whose rows carry a bar: picture and table in one, readable by everyone without a canvas. */
export const BarList = ({
  bars,
  label,
  heads,
}: {
  bars: readonly Bar[];
  label: string;
  heads: readonly ReactNode[];
}) => {
  const colourOf = coloursOf(bars);
  const longest = Math.max(1, ...bars.map((bar) => Math.abs(bar.percent)));
  return (
    <table className={classes['bars']}>
      <caption className="sr-only">{label}</caption>
      <thead className={classes['heads']}>
        <tr>
          {heads.map((head, index) => (
            <th key={index} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.name}>
            <th scope="row" className={classes['name']}>
              <span className={classes['label']}>
                {bar.to === undefined ? bar.name : <Link to={bar.to}>{bar.name}</Link>}
              </span>
              <span className={classes['track']} aria-hidden>
                <span
                  className={classes['bar']}
                  style={{
                    inlineSize: `${(Math.abs(bar.percent) / longest) * 100}%`,
                    background: colourOf(bar),
                  }}
                />
              </span>
            </th>
            <td className={classes['figure']}>{bar.figure}</td>
            {bar.second !== undefined && <td className={classes['second']}>{bar.second}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
};
