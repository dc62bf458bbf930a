/** Formats as people call them; the id stands for one that is newer than this list. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'ishares-csv': 'iShares CSV',
    'ishares-xlsx': 'iShares XLSX',
    'spdr-xlsx': 'SPDR XLSX',
    'xtrackers-xlsx': 'Xtrackers XLSX',
    'invesco-csv': 'Invesco CSV',
    'vanguard-csv': 'Vanguard CSV',
    'amundi-csv': 'Amundi CSV',
    'nport-xml': 'SEC N-PORT XML',
    'finnhub-json': 'Finnhub JSON',
    'generic-csv': 'CSV',
    'generic-xlsx': 'XLSX',
    'generic-json': 'JSON',
  }),
);

/** What a file is called by its format: publisher and kind, names that are the same in every language. */
export const formatName = (id: string): string => NAMES.get(id) ?? id;
