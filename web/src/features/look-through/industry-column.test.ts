import { describe, expect, it } from 'vitest';
import { industryColumns } from './industry-column.ts';

describe('the column of industries', () => {
  it('is there once a row has an industry, and not where no issuer publishes one', () => {
    expect(industryColumns([{ industry: 'Unclassified' }], 'Industry')).toEqual([]);
    expect(industryColumns([], 'Industry')).toEqual([]);
    const rows = [{ industry: 'Unclassified' }, { industry: 'Software' }];
    const [column] = industryColumns(rows, 'Industry');
    expect(column).toMatchObject({ id: 'industry', label: 'Industry', wide: true });
    expect(rows.map((row) => column?.text(row))).toEqual(['Unclassified', 'Software']);
  });
});
