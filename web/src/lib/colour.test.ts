import { describe, expect, test } from 'vitest';
import { coloursOf, contrast, HEAT, inkOn, PALETTE, UNCLASSIFIED } from './colour.ts';

const paint = (names: readonly string[]): string[] => {
  const list = names.map((name) => ({ name }));
  return list.map(coloursOf(list));
};

describe('colours of names', () => {
  test('a name keeps its colour', () => {
    expect(paint(['Information Technology'])).toEqual(['#2a6f97']);
    expect(paint(['Growth', 'Global Equity'])[1]).toBe(paint(['Global Equity'])[0]);
  });

  test('a list repeats no colour while one is left', () => {
    const places = ['Switzerland', 'Germany', 'France', 'Japan', 'China', 'Taiwan', 'India', 'Brazil'];
    const all = [...places, 'Canada', 'Spain', 'Italy', 'Norway', 'Sweden', 'Mexico'];
    expect(new Set(paint(places)).size).toBe(8);
    expect(new Set(paint(all).slice(0, 12)).size).toBe(12);
    expect(paint(all)[0]).toBe(paint(['Switzerland'])[0]);
  });

  test('a fixed colour is not given to a name before it', () => {
    const names = Array.from({ length: 11 }, (_, at) => `Theme ${at}`);
    expect(paint([...names, 'Bonds'])[11]).toBe(paint(['Bonds'])[0]);
  });

  test('sectors differ from each other', () => {
    const sectors = [
      'Information Technology',
      'Financials',
      'Health Care',
      'Consumer Discretionary',
      'Industrials',
      'Communication Services',
      'Consumer Staples',
      'Energy',
      'Materials',
      'Real Estate',
      'Utilities',
      'Cash and derivatives',
    ];
    expect(new Set(paint(sectors)).size).toBe(12);
    expect(sectors.map((name) => paint([name])[0])).toEqual(paint(sectors));
  });

  test('what nothing is known about, and several names together, are neutral', () => {
    const list = [{ name: 'Unclassified' }, { name: 'Others', rest: true }, { name: 'Others' }];
    expect(list.slice(0, 2).map(coloursOf(list))).toEqual([UNCLASSIFIED, UNCLASSIFIED]);
  });
});

describe('contrast', () => {
  test('as the standard computes it', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    // Worked example: #767676 on white is the lightest grey that passes AA.
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });

  test.each([HEAT.light, HEAT.dark])('the ink is readable on every shade from $none to $all', (heat) => {
    const part = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
    for (let percent = 0; percent <= 100; percent += 1) {
      const shade = [1, 3, 5].map((at) =>
        Math.round(part(heat.none, at) + ((part(heat.all, at) - part(heat.none, at)) * percent) / 100)
          .toString(16)
          .padStart(2, '0'),
      );
      expect(contrast(`#${shade.join('')}`, heat.ink)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('every colour carries readable text', () => {
    for (const colour of [...PALETTE, UNCLASSIFIED]) {
      expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
    }
  });
});
