import { Trans } from '@lingui/react/macro';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../lib/preferences.tsx';
import { DecimalField } from '../../ui/form.tsx';
import { fxQuery } from '../valuation/queries.ts';

/** Before this day no bank publishes the rates that are used here. */
const FIRST_RATES = '1999-01-04';
const TYPING_MS = 300;

const Published = ({ from, to, day }: { from: string; to: string; day: string }) => {
  const format = useFormat();
  const [settled] = useDebouncedValue(day, TYPING_MS);
  const isKnown = settled >= FIRST_RATES && settled <= format.today();
  const { data: rate, isError } = useQuery({ ...fxQuery(from, to, settled), enabled: isKnown });
  if (rate) {
    const [figure, source, on] = [format.rate(rate.rate), rate.source, format.day(rate.date)];
    if (rate.carriedForward) {
      return (
        <Trans>
          Empty: {figure}, {source}, {on}, the last day published. Or what your contract note says.
        </Trans>
      );
    }
    return (
      <Trans>
        Empty: {figure}, {source}, {on}. Or what your contract note says.
      </Trans>
    );
  }
  return isError || !isKnown ? (
    <Trans>No rate is published for that day: give the one of your contract note.</Trans>
  ) : (
    <Trans>From your contract note. Empty: the published rate of that day.</Trans>
  );
};

/** The rate by which a trade counts in the portfolio's currency: the published one, or one's own. */
export const RateField = ({
  from,
  to,
  day,
  name = 'fxRate',
}: {
  from: string;
  to: string;
  day: string;
  name?: 'fxRate' | 'settleRate';
}) =>
  from === to ? null : (
    <DecimalField
      name={name}
      label={
        <Trans>
          {to} for one {from} (optional)
        </Trans>
      }
      hint={<Published from={from} to={to} day={day} />}
    />
  );
