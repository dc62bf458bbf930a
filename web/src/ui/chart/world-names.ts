/** Natural Earth's short names where the product has another. */
const OURS: ReadonlyMap<string, string> = new Map([
  ['Bosnia and Herz.', 'Bosnia and Herzegovina'],
  ['Central African Rep.', 'Central African Republic'],
  ['Dem. Rep. Congo', 'DR Congo'],
  ['Dominican Rep.', 'Dominican Republic'],
  ['Eq. Guinea', 'Equatorial Guinea'],
  ['Falkland Is.', 'Falkland Islands'],
  ['Fr. S. Antarctic Lands', 'French Southern Territories'],
  ['Macedonia', 'North Macedonia'],
  ['S. Sudan', 'South Sudan'],
  ['Solomon Is.', 'Solomon Islands'],
  ['Turkey', 'Türkiye'],
  ['United States of America', 'United States'],
  ['W. Sahara', 'Western Sahara'],
  ['eSwatini', 'Eswatini'],
]);

/** A country of the map in the words of the product's answers. */
export const ourName = (natural: string): string => OURS.get(natural) ?? natural;
