import { dec } from '@pm/domain/money';
import { describe, expect, it } from 'vitest';

import { chargeOver, exchangeMargin, ongoingCharge } from './charges.ts';
import type { ChargedInstrument } from './charges.ts';

const fund = (ocf: string | null, inside: [string, string][] | null = null): ChargedInstrument => ({
  isFund: true,
  ocfPct: ocf === null ? null : dec(ocf),
  inside: inside?.map(([id, weight]) => ({ id, weightPct: dec(weight) })) ?? null,
});
const share: ChargedInstrument = { isFund: false, ocfPct: null, inside: null };

const all = new Map<string, ChargedInstrument>([
  ['share', share],
  ['cheap', fund('0.07')],
  ['dear', fund('0.8')],
  ['silent', fund(null)],
  // 60 % at 0.07 and 30 % at 0.8; the other tenth is shares.
  [
    'mix',
    fund(null, [
      ['cheap', '60'],
      ['dear', '30'],
    ]),
  ],
  [
    'half',
    fund(null, [
      ['cheap', '50'],
      ['silent', '50'],
    ]),
  ],
  ['own', fund('0.5', [['dear', '100']])],
  [
    'nest',
    fund(null, [
      ['mix', '50'],
      ['half', '40'],
    ]),
  ],
  [
    'round',
    fund(null, [
      ['round', '40'],
      ['cheap', '60'],
    ]),
  ],
]);

describe('the charge of', () => {
  it.each([
    ['share', '0', '100', 'none'],
    ['cheap', '0.07', '100', 'own'],
    ['silent', '0', '0', 'unknown'],
    ['nobody', '0', '0', 'unknown'],
    // 0.042 and 0.24
    ['mix', '0.282', '100', 'inside'],
    ['half', '0.035', '50', 'inside'],
    // A fund's own figure has those inside in it.
    ['own', '0.5', '100', 'own'],
    // Half of 0.282 and two fifths of 0.035; of two fifths only half is known.
    ['nest', '0.155', '80', 'inside'],
    ['round', '0.042', '60', 'inside'],
  ])('%s is %s %%, of %s %%, from %s', (id, pct, knownPct, from) => {
    const found = ongoingCharge(id, all);
    expect([found.pct.toString(), found.knownPct.toString(), found.from]).toEqual([pct, knownPct, from]);
  });
});

it('charges by the day', () => {
  // A thousand for half of a year of 366 days at 0.5 %.
  expect(chargeOver(dec('0.5'), dec('1000').times(183), 366).toString()).toBe('2.5');
});

it('finds the margin either way', () => {
  // $1,000 bought at 0.82 where the day's rate was 0.80 cost £20 more; sold at 0.79 brought £10 less.
  expect(exchangeMargin('buy', dec('1000'), dec('0.82'), dec('0.80')).toString()).toBe('20');
  expect(exchangeMargin('sell', dec('1000'), dec('0.79'), dec('0.80')).toString()).toBe('10');
  expect(exchangeMargin('sell', dec('1000'), dec('0.81'), dec('0.80')).toString()).toBe('-10');
  expect(exchangeMargin('deposit', dec('1000'), dec('0.82'), dec('0.80')).toString()).toBe('20');
});
