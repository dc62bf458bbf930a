import { countries, REGIONS } from '@pm/domain/look-through';
import { expect, test } from 'vitest';
import atlas from 'world-atlas/countries-110m.json';
import { STEPS, stepOf, stepWords } from './world-scale.ts';
import { ourName } from './world-names.ts';

const drawn = new Set(atlas.objects.countries.geometries.map(({ properties }) => ourName(properties.name)));
const known = new Set(countries().map(({ name }) => name));

test('every shape has the name that answers use, but for places that no issuer names', () => {
  expect([...drawn].filter((name) => !known.has(name)).toSorted()).toEqual(
    ['Kosovo', 'N. Cyprus', 'Somaliland'].filter((name) => !known.has(name)),
  );
});

test('the markets of the large indices are on the map, or so small that they stand beside it', () => {
  const small = ['Hong Kong', 'Singapore'];
  const markets = [
    'United States',
    'Canada',
    'United Kingdom',
    'Japan',
    'France',
    'Germany',
    'Switzerland',
    'Netherlands',
    'Sweden',
    'Denmark',
    'Norway',
    'Finland',
    'Spain',
    'Italy',
    'Belgium',
    'Austria',
    'Ireland',
    'Portugal',
    'Israel',
    'Australia',
    'New Zealand',
    'China',
    'Taiwan',
    'India',
    'South Korea',
    'Brazil',
    'South Africa',
    'Saudi Arabia',
    'Mexico',
    'Türkiye',
    'Poland',
    'Greece',
    'Czechia',
    'Hungary',
    'Egypt',
    'Qatar',
    'United Arab Emirates',
    'Kuwait',
    'Thailand',
    'Malaysia',
    'Indonesia',
    'Philippines',
    'Chile',
    'Colombia',
    'Peru',
    ...small,
  ];
  expect(markets.filter((market) => !known.has(market))).toEqual([]);
  expect(markets.filter((market) => !drawn.has(market))).toEqual(small);
  expect(REGIONS).toContain('Asia Pacific');
});

test('steps of the scale', () => {
  expect([0, 0.49, 0.5, 3, 19.99, 20, 61].map(stepOf)).toEqual([0, 0, 1, 3, 4, 5, 5]);
  expect(stepOf(-0.2)).toBe(-1);
  expect(STEPS.map((_, step) => stepWords(step, (figure) => `${figure}%`))).toEqual([
    '< 0.5%',
    '0.5–1%',
    '1–2.5%',
    '2.5–5%',
    '5–20%',
    '≥ 20%',
  ]);
});
