import { describe, expect, test } from 'vitest';
import { drillInto, isWithin, readView, upTo } from './view.ts';

describe('what an address shows', () => {
  test('nothing asked: companies within their sectors', () => {
    expect(readView({})).toMatchObject({
      by: 'company',
      outer: 'sector',
      inner: 'company',
      picture: 'treemap',
      filters: [],
    });
  });

  test('the map is of countries, whatever was divided before', () => {
    expect(readView({ by: 'sector', picture: 'map' })).toMatchObject({ by: 'country', picture: 'map' });
  });

  test('each step down leads on to the next division', () => {
    expect(readView({ region: 'Europe' }).by).toBe('country');
    expect(readView({ country: 'Japan' }).by).toBe('sector');
    expect(readView({ sector: 'Energy' })).toMatchObject({ by: 'company', outer: 'country' });
    expect(readView({ country: 'Japan', sector: 'Energy' })).toMatchObject({
      by: 'company',
      divisions: ['company'],
      filters: [
        { dimension: 'country', word: 'Japan' },
        { dimension: 'sector', word: 'Energy' },
      ],
    });
  });

  test('inside one country there is no map, and no division by country', () => {
    const view = readView({ country: 'Japan', by: 'country', picture: 'map' });
    expect(view).toMatchObject({ by: 'sector', picture: 'bars' });
    expect(view.pictures).toEqual(['bars', 'treemap', 'sunburst']);
    expect(view.divisions).not.toContain('country');
  });

  test('a region still has its map', () => {
    expect(readView({ region: 'Europe', picture: 'map' })).toMatchObject({ by: 'country', picture: 'map' });
  });

  test('rings: a division is divided by any other, but not by itself', () => {
    expect(readView({ by: 'region', picture: 'sunburst' }).inner).toBe('country');
    expect(readView({ by: 'sector', inner: 'region', picture: 'sunburst' }).inner).toBe('region');
    expect(readView({ by: 'sector', inner: 'sector' }).inner).toBe('company');
    expect(readView({ region: 'US', by: 'sector', inner: 'currency' }).inner).toBe('company');
  });
});

describe('steps', () => {
  test('down keeps the picture and forgets the search', () => {
    const before = { picture: 'treemap' as const, by: 'region' as const, q: 'apple' };
    expect({ ...before, ...drillInto([{ dimension: 'region', word: 'US' }]) }).toEqual({
      picture: 'treemap',
      region: 'US',
      by: undefined,
      inner: undefined,
      q: undefined,
      company: undefined,
    });
  });

  test('up leaves only the steps named', () => {
    const after = { region: 'US', sector: 'Energy', ...upTo([{ dimension: 'region', word: 'US' }]) };
    expect(after).toMatchObject({ region: 'US', sector: undefined });
  });

  test('a country says its region, a sector does not', () => {
    expect(isWithin('country', 'region')).toBe(true);
    expect(isWithin('sector', 'region')).toBe(false);
  });
});
