import { describe, expect, it } from 'vitest';
import { isShown, needsGains, shownColumns } from './columns.ts';

describe('the columns of the holdings', () => {
  it('are the usual ones until something is chosen, names of other pages change nothing', () => {
    const first = shownColumns({});
    expect(first).toEqual(['value', 'share', 'qty', 'price', 'gain', 'gainPct', 'cost', 'avgCost']);
    expect(shownColumns({ section: true, somethingElse: true })).toEqual(first);
  });

  it('keep their order whatever was chosen last', () => {
    expect(shownColumns({ notes: true, value: false, realised: true })).toEqual([
      'share',
      'qty',
      'price',
      'gain',
      'gainPct',
      'cost',
      'avgCost',
      'realised',
      'notes',
    ]);
  });

  it('ask for gains only when one of theirs is shown', () => {
    expect(needsGains({})).toBe(false);
    expect(needsGains({ income: true })).toBe(true);
  });

  it('hide a place under the name', () => {
    expect(isShown({}, 'theme')).toBe(true);
    expect(isShown({ theme: false }, 'theme')).toBe(false);
  });
});
