import Type from 'typebox';
import { Closed, CurrencyCode, Day, DecimalText, Instant, Literals, QuoteUnitCode } from '../common.ts';

/** One published rate that an answer rests on: `rate` units of `to` for one unit of `from`. */
export const FxLeg = Closed({
  from: CurrencyCode,
  to: CurrencyCode,
  rate: DecimalText,
  date: Day,
  source: Type.String(),
});

/** A rate with the way it came about: published as such, inverted, or crossed through two legs of one source and day. */
export const FxRate = Closed({
  from: CurrencyCode,
  to: CurrencyCode,
  rate: DecimalText,
  date: Day,
  requestedDate: Day,
  source: Type.String(),
  method: Literals(['identity', 'published', 'inverse', 'cross']),
  legs: Type.Array(FxLeg),
  carriedForward: Type.Boolean({
    description: 'No rate was published on the day asked for; an earlier day stands in',
  }),
});

/** The price that a value rests on. `close` is in `currency`; `quoted` is as it was written (75.12 GBP was 7512 GBX). */
export const PriceUsed = Closed({
  close: DecimalText,
  currency: CurrencyCode,
  quoted: Closed({ close: DecimalText, unit: QuoteUnitCode }),
  dateTime: Instant,
  kind: Literals(['live', 'manual', 'cash']),
  source: Type.String(),
  ageSeconds: Type.Integer({ minimum: 0 }),
  stale: Type.Boolean(),
});

/** What is owed against a holding; `value` is in the portfolio’s currency. */
export const Owed = Closed({
  amount: DecimalText,
  currency: CurrencyCode,
  since: Day,
  value: DecimalText,
  rate: FxRate,
});

/** An amount that may be below zero. */
export const SignedText = (description: string) => Type.String({ ...DecimalText, description });

/** Where a gain came from; the three add up to the total exactly. */
export const GainSplit = Closed({
  price: SignedText('What the price did, at the rates of the days on which it was gained'),
  currency: SignedText('What the exchange rate did'),
  income: DecimalText,
});
