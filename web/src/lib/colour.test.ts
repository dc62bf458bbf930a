import { describe, expect, test } from 'vitest';
import { colourOf, contrast, inkOn, PALETTE, UNCLASSIFIED } from './colour.ts';

describe('colours of names', () => {
  test('a name keeps its colour', () => {
    expect(colourOf('Information Technology')).toBe('#2a6f97');
    expect(colourOf('Global Equity')).toBe(colourOf('Global Equity'));
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
    expect(new Set(sectors.map((name) => colourOf(name))).size).toBe(12);
  });

  test('what nothing is known about, and several names together, are neutral', () => {
    expect(colourOf('Unclassified')).toBe(UNCLASSIFIED);
    expect(colourOf('Others', true)).toBe(UNCLASSIFIED);
  });
});

describe('contrast', () => {
  test('as the standard computes it', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    // Worked example: #767676 on white is the lightest grey that passes AA.
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });

  test('every colour carries readable text', () => {
    for (const colour of [...PALETTE, UNCLASSIFIED]) {
      expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
    }
  });
});
