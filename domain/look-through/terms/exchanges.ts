import { EXCHANGE_TABLE, NO_EXCHANGE_WORDS } from './exchange-table.ts';
import { foldTerm, isBlankTerm } from './fold.ts';

const LINE = /^([A-Z0-9]{4}) ([A-Z]{2}) (.+)$/;

const readTable = (): { byWord: Map<string, string>; countryByMic: Map<string, string> } => {
  const byWord = new Map<string, string>();
  const countryByMic = new Map<string, string>();
  for (const line of EXCHANGE_TABLE.trim().split('\n')) {
    const [, mic = '', country = '', words = ''] = LINE.exec(line) ?? [];
    countryByMic.set(mic, country);
    for (const word of [mic, ...words.split('; ')]) {
      const folded = foldTerm(word);
      const before = byWord.get(folded);
      if (before !== undefined && before !== mic) {
        throw new Error(`The word "${word}" stands for both ${before} and ${mic}`);
      }
      byWord.set(folded, mic);
    }
  }
  return { byWord, countryByMic };
};

const { byWord: BY_WORD, countryByMic: COUNTRY_BY_MIC } = readTable();
const NOWHERE = new Set(NO_EXCHANGE_WORDS.split(';').map((word) => foldTerm(word)));

/** An exchange as published, as its MIC. `mic` is null where there is none or the word is not `known`. */
export const exchangeOf = (
  published: string | null,
): { readonly mic: string | null; readonly known: boolean } => {
  if (published === null || isBlankTerm(published)) return { mic: null, known: true };
  const folded = foldTerm(published);
  if (NOWHERE.has(folded)) return { mic: null, known: true };
  const mic = BY_WORD.get(folded);
  return mic === undefined ? { mic: null, known: false } : { mic, known: true };
};

/** ISO alpha-2 country in which an exchange stands, or null for a MIC that the table does not have. */
export const micCountry = (mic: string): string | null => COUNTRY_BY_MIC.get(mic) ?? null;
