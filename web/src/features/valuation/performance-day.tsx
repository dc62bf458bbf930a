import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import { Loaded } from '../../ui/page.tsx';
import { useTypeWords } from '../ledger/trade-words.tsx';
import classes from './performance.module.css';
import { performanceDayQuery, type PerformanceDay } from './performance-queries.ts';

type Row = PerformanceDay['rows'][number];

const Source = ({ row }: { row: Row }) => {
  const format = useFormat();
  if (row.price === null) return <Trans>no price</Trans>;
  const { price, rate } = row;
  return (
    <>
      <Trans>
        {format.quantity(row.qty)} × {format.price(price.close)} {price.currency}, {price.source},{' '}
        {format.time(price.dateTime)}
      </Trans>
      {rate !== null && rate.method !== 'identity' && (
        <>
          {' '}
          <Trans>
            × {format.rate(rate.rate)} ({rate.source}, {format.day(rate.date)})
          </Trans>
        </>
      )}
      {row.owed !== null && (
        <>
          {' '}
          <Trans>− debt {format.money(row.owed.amount, row.owed.currency)}</Trans>
        </>
      )}
      {row.missing === 'rate' && (
        <>
          {' '}
          <Trans>no rate</Trans>
        </>
      )}
    </>
  );
};

const Reckoning = ({ day }: { day: PerformanceDay }) => {
  const { currency } = day;
  const lines = [
    { key: 'before', label: <Trans>Value the evening before</Trans>, value: day.valueBefore, signed: false },
    { key: 'flow', label: <Trans>Came in less went out</Trans>, value: day.flow, signed: true },
    { key: 'value', label: <Trans>Value in the evening</Trans>, value: day.value, signed: false },
  ];
  return (
    <table className={classes['facts']}>
      <caption>
        <Trans>(value in the evening + what went out) ÷ (value the evening before + what came in) − 1</Trans>
      </caption>
      <tbody>
        {lines.map(({ key, label, value, signed }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td>
              <Figure kind="money" signed={signed} value={value} currency={currency} />
            </td>
          </tr>
        ))}
        <tr data-total>
          <th scope="row">
            <Trans>Return of the day</Trans>
          </th>
          <td>
            <Change kind="percent" value={day.pct} />
          </td>
        </tr>
      </tbody>
    </table>
  );
};

const Body = ({ day }: { day: PerformanceDay }) => {
  const words = useTypeWords();
  const { currency } = day;
  return (
    <>
      <Reckoning day={day} />
      <table className={classes['facts']}>
        <caption>
          <Trans>What was held</Trans>
        </caption>
        <tbody>
          {day.rows.map((row) => (
            <tr key={row.holdingId}>
              <th scope="row">
                {row.name}
                <div className={classes['under']}>
                  <Source row={row} />
                </div>
              </th>
              <td>
                <Figure kind="money" value={row.value} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {day.trades.length > 0 && (
        <table className={classes['facts']}>
          <caption>
            <Trans>What was recorded</Trans>
          </caption>
          <tbody>
            {day.trades.map((trade) => (
              <tr key={trade.id}>
                <th scope="row">
                  {words(trade.type)} <span className={classes['under']}>{trade.name}</span>
                </th>
                <td>
                  <Figure kind="money" value={trade.total} currency={currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
};

/** One point of the picture opened: its rows, prices, rates and trades. */
export const DayDialog = (props: {
  portfolioId: string;
  date: string;
  scope: string | undefined;
  onClose: () => void;
}) => {
  const format = useFormat();
  const query = useQuery(performanceDayQuery(props.portfolioId, props.date, props.scope));
  return (
    <Dialog wide title={format.day(props.date)} onClose={props.onClose}>
      <Loaded query={query} lines={6}>
        {(day) => <Body day={day} />}
      </Loaded>
    </Dialog>
  );
};
