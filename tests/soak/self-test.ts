/**
 * That the comparisons of a soak can fail: each is shown one fault that it has to find, and one truth that it must let pass.
 *
 * Contents: selfTest
 */
import { missedBy } from './listeners.ts';
import type { Publication } from './listeners.ts';
import { LINES, Truth, decimalOf, inCurrency, quotedAt, scaled, tickOf } from './market.ts';
import { growthOf } from './memory.ts';

const NOW = 1_790_000_000;

const expect = (what: string, isTrue: boolean): string[] => (isTrue ? [] : [`the self-test: ${what}`]);

const ofTruth = (): string[] => {
  const pence = LINES.find(({ unit }) => unit === 'GBX');
  if (pence === undefined) return ['the self-test: there is no line in pence'];
  const truth = new Truth();
  const at = tickOf(NOW);
  truth.say('yahoo', pence, at);
  const quoted = quotedAt(pence, at);
  return [
    ...expect('pence are hundredths of pounds', inCurrency({ ...pence, base: 0n }, 75_120_000n) === '75.12'),
    ...expect('what was said is known', truth.of('yahoo', pence.ticker, at * 1000) === decimalOf(quoted, 6)),
    ...expect('what another one said is not', truth.of('stooq', pence.ticker, at * 1000) === undefined),
    ...expect(
      'what was said of another moment is not',
      truth.of('yahoo', pence.ticker, at * 1000 + 1000) === undefined,
    ),
    ...expect('each tick is news', quotedAt(pence, at) !== quotedAt(pence, at + 15)),
    ...expect('decimals are exact', scaled('-0.10', 2) === -10n && scaled('12.5', 4) === 125_000n),
  ];
};

const ofListeners = (): string[] => {
  const heard = {
    firstCursor: '7.2',
    followed: new Set(['a']),
    told: new Map([['line live', new Set([5])]]),
    newest: new Map(),
    incomplete: 0,
  };
  const publication = (transaction: bigint, seq: number, instrumentId = 'a'): Publication => ({
    instrumentId,
    key: 'line live',
    transaction,
    seq,
  });
  const missed = (one: Publication): boolean => missedBy({ heard }, [one]).length === 1;
  return [
    ...expect('what was not told is missed', missed(publication(8n, 6))),
    ...expect('what was told is not', !missed(publication(8n, 5))),
    ...expect(
      'what came before it followed is not',
      !missed(publication(7n, 2)) && !missed(publication(6n, 9)),
    ),
    ...expect('what it does not follow is not', !missed(publication(8n, 6, 'b'))),
  ];
};

const ofMemory = (): string[] => {
  const samples = (mb: (at: number) => number) =>
    Array.from({ length: 200 }, (_unused, at) => ({ atMs: at, mb: mb(at) }));
  return [
    ...expect('a leak is found', growthOf(samples((at) => 150 + at))?.isFlat === false),
    ...expect('a warm-up is none', growthOf(samples((at) => Math.min(250, 150 + 3 * at)))?.isFlat === true),
    ...expect('a saw is none', growthOf(samples((at) => 150 + (at % 20) * 5))?.isFlat === true),
    ...expect('too few samples say nothing', growthOf(samples(() => 150).slice(0, 50)) === null),
  ];
};

/** @returns what the comparisons did not find, or found where there was nothing */
export const selfTest = (): string[] => [...ofTruth(), ...ofListeners(), ...ofMemory()];
