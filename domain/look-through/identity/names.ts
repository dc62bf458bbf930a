/**
 * Whether two names mean one company. Issuers cut names at some length, abbreviate, move the legal form about
 * ("INTEL CORPORATION CORP", "FACEBOOK CLASS A INC") and add or leave out the share class; what is left after that
 * decides. Share classes are kept apart: ALPHABET CLASS A is not ALPHABET CLASS C.
 */

/** Legal forms and fillers that never tell two companies apart. */
const LEGAL = new Set(
  `INC INCORPORATED CORP CORPORATION CORPORACION CO COMPANY COMPANIES COS LTD LIMITED LIMITEE LTDA PLC LLC LP LLP AG SA
   SE NV BV SPA SRL AB ASA AS OYJ OY ABP KGAA GMBH BHD BERHAD TBK PT PJSC OJSC PAO JSC SAB CV SAA SAS SCA KK NPV THE
   REIT REITS TRUST REG REGISTERED BEARER NEW N COMMON ORD ORDINARY SHARES SHARE SHS STOCK STK COM DE
   HOLDING HOLDINGS HLDG HLDGS HOLDIN HOLDI GROUP GRP GROEP GRUPPE PUBL`.split(/\s+/),
);

/** Abbreviations and plurals brought to one form. */
const SHORT: Readonly<Record<string, string>> = {
  INTL: 'INTERNATIONAL',
  INTERNATIONA: 'INTERNATIONAL',
  TECH: 'TECHNOLOGY',
  TECHNOLOGIE: 'TECHNOLOGY',
  TECHS: 'TECHNOLOGY',
  MFG: 'MANUFACTURING',
  FINL: 'FINANCIAL',
  FINANCE: 'FINANCIAL',
  FIN: 'FINANCIAL',
  BK: 'BANK',
  SVC: 'SERVICE',
  SVCS: 'SERVICE',
  NATL: 'NATIONAL',
  LAB: 'LABORATORY',
  LABS: 'LABORATORY',
  LABORATORIE: 'LABORATORY',
  IND: 'INDUSTRY',
  INDS: 'INDUSTRY',
  INDUSTRIE: 'INDUSTRY',
  INDUSTRIAL: 'INDUSTRY',
  COMM: 'COMMUNICATION',
  COMMS: 'COMMUNICATION',
  INS: 'INSURANCE',
  MGMT: 'MANAGEMENT',
  MATLS: 'MATERIAL',
  PHARM: 'PHARMACEUTICAL',
  PHARMA: 'PHARMACEUTICAL',
  PHARMACEUTICALS: 'PHARMACEUTICAL',
  PROP: 'PROPERTY',
  PROPS: 'PROPERTY',
  RES: 'RESOURCE',
  ELEC: 'ELECTRIC',
  ENGR: 'ENGINEERING',
  SYS: 'SYSTEM',
  AMER: 'AMERICA',
  BANC: 'BANK',
};

const CLASS_WORDS: Readonly<Record<string, string>> = {
  ADR: 'RECEIPT',
  ADS: 'RECEIPT',
  ADRS: 'RECEIPT',
  GDR: 'RECEIPT',
  GDS: 'RECEIPT',
  CDI: 'RECEIPT',
  NVDR: 'RECEIPT',
  PREF: 'PREFERRED',
  PFD: 'PREFERRED',
  PREFERRED: 'PREFERRED',
  PREFERENCE: 'PREFERRED',
  PRF: 'PREFERRED',
  PAR: 'PARTICIPATION',
  WARRANT: 'WARRANT',
  WARRANTS: 'WARRANT',
  WTS: 'WARRANT',
  WT: 'WARRANT',
  RIGHT: 'RIGHT',
  RIGHTS: 'RIGHT',
  RTS: 'RIGHT',
};

/** Words that go with a share class and say nothing alone. */
const CLASS_FILLERS = new Set(
  'VOTING NON SUBORDINATE SUB VARIABLE CLASS CL SERIES SER UNIT UNITS VTG'.split(' '),
);

/** Words that the names of two companies of one family differ by: SOFTBANK GROUP owns SOFTBANK CORP. */
const FAMILY: Readonly<Record<string, string>> = {
  HOLDING: 'HOLDING',
  HOLDINGS: 'HOLDING',
  HLDG: 'HOLDING',
  HLDGS: 'HOLDING',
  HOLDIN: 'HOLDING',
  HOLDI: 'HOLDING',
  GROUP: 'GROUP',
  GRP: 'GROUP',
  GROEP: 'GROUP',
  GRUPPE: 'GROUP',
  TRUST: 'TRUST',
};

/** A name in parts: the words that name the company, its share class letter and its special kind, if any. */
export type NameParts = {
  readonly words: readonly string[];
  readonly compact: string;
  readonly letter: string;
  readonly special: string;
  /** Length of the name as printed: a long one may have been cut. */
  readonly length: number;
};

const ASCII = /^[ -~]*$/;
const INITIALS = /\b((?:\p{L}\.)+\p{L})\.?(?!\p{L})/gu;

const tokensOf = (name: string): string[] => {
  const isAscii = ASCII.test(name);
  const plain = isAscii ? name : name.normalize('NFKD').replace(/\p{M}/gu, '');
  const joined = plain.includes('.')
    ? plain.replace(INITIALS, (initials) => initials.replaceAll('.', ''))
    : plain;
  // An apostrophe left out, also for a blank (MCDONALD S); and the plus that some files write for "&" (AT+T).
  const bare = joined
    .toUpperCase()
    .replace(/[’'`´]/g, '')
    .replace(/([A-Z]{3}) S(?![A-Z0-9.&])/g, '$1S')
    .replaceAll('+', '&');
  return bare.match(isAscii ? /&|[A-Z0-9]+/g : /&|[\p{L}\p{N}]+/gu) ?? [];
};

const stem = (word: string): string => {
  const short = Object.hasOwn(SHORT, word) ? SHORT[word] : undefined;
  if (short !== undefined) return short;
  if (word.length > 4 && word.endsWith('IES')) return `${word.slice(0, -3)}Y`;
  const singular = word.length > 3 && word.endsWith('S') && !word.endsWith('SS') ? word.slice(0, -1) : word;
  return (Object.hasOwn(SHORT, singular) ? SHORT[singular] : undefined) ?? singular;
};

/** A share class letter stands after CLASS, CL or SERIES, or as the last word ("PING AN INSURANCE H", "TELE2 B"). */
const classLetter = (tokens: readonly string[], at: number): string | null => {
  const token = tokens[at] ?? '';
  if (token.length > 2 || !/^[A-Z]\d?$/.test(token)) return null;
  const before = tokens[at - 1] ?? '';
  if (/^(?:CLASS|CL|CLA|SERIES|SER)$/.test(before)) return token;
  // "V F CORP" is VF, not class F of V.
  if (/^[A-Z]$/.test(before)) return null;
  const rest = tokens.slice(at + 1).every((word) => LEGAL.has(word) || CLASS_FILLERS.has(word));
  return at > 0 && rest && /^[A-HLR]\d?$/.test(token) && before !== '&' ? token : null;
};

/** Names kept in parts: the same companies stand in file after file, and taking a name apart is most of comparing it. */
const MAX_NAMES = 50_000;
const kept = new Map<string, NameParts>();

/** Takes a name apart. */
export const nameParts = (name: string): NameParts => {
  const before = kept.get(name);
  if (before !== undefined) return before;
  if (kept.size >= MAX_NAMES) kept.clear();
  const parts = takenApart(name);
  kept.set(name, parts);
  return parts;
};

const takenApart = (name: string): NameParts => {
  const tokens = tokensOf(name);
  const words: string[] = [];
  let letter = '';
  let special = '';
  for (const [at, token] of tokens.entries()) {
    const found = classLetter(tokens, at);
    const kind = Object.hasOwn(CLASS_WORDS, token) ? CLASS_WORDS[token] : undefined;
    if (found !== null) letter = found;
    else if (kind !== undefined) special = kind;
    else if (!CLASS_FILLERS.has(token) && !LEGAL.has(token)) words.push(token === '&' ? '&' : stem(token));
  }
  // A name made of legal forms only ("CO LTD") keeps them: nothing else is left to compare.
  const left = trimAnd(words.length > 0 ? words : tokens);
  return { words: left, compact: left.join(''), letter, special, length: name.trim().length };
};

/**
 * The words that name an issuer: without legal form and share class as in `nameParts`, but with what tells a company
 * from its parent (HOLDING, GROUP, TRUST) and from an older namesake (NEW CHINA LIFE).
 */
export const issuerWords = (name: string): readonly string[] => {
  const tokens = tokensOf(name);
  const words: string[] = [];
  for (const [at, token] of tokens.entries()) {
    const family = Object.hasOwn(FAMILY, token) ? FAMILY[token] : undefined;
    if (family !== undefined || (token === 'NEW' && at === 0)) words.push(family ?? token);
    else if (classLetter(tokens, at) !== null || Object.hasOwn(CLASS_WORDS, token)) continue;
    else if (!CLASS_FILLERS.has(token) && !LEGAL.has(token)) words.push(token === '&' ? '&' : stem(token));
  }
  return trimAnd(words);
};

/** "MERCK & CO" keeps its "&": without it, it would be Merck of Darmstadt. An "AND" between words is the same sign. */
const trimAnd = (words: readonly string[]): string[] => words.map((word) => (word === 'AND' ? '&' : word));

/** A name as it is compared: its words in order, then its share class. For indexes and for showing, not for judging. */
export const normaliseName = (name: string): string => normalisedParts(nameParts(name));

/** The same of a name that was taken apart already. */
export const normalisedParts = ({ words, letter, special }: NameParts): string => {
  const shareClass = letter === '' ? special : `CLASS ${letter} ${special}`.trimEnd();
  return shareClass === '' ? words.join(' ') : `${words.join(' ')} ${shareClass}`;
};

/** Names are cut at 30 to 35 signs by most issuers. */
const MAY_BE_CUT = 26;

const isCutOf = (cut: NameParts, whole: NameParts): boolean => {
  if (cut.length < MAY_BE_CUT || cut.words.length > whole.words.length) return false;
  return cut.words.every((word, i) => {
    const other = whole.words[i] ?? '';
    return i === cut.words.length - 1 ? other.startsWith(word) || word.startsWith(other) : other === word;
  });
};

/** How the words of two names relate: the same, one within the other, similar, or different. */
export type NameRelation = 'same' | 'within' | 'similar' | 'different';

const startsWithAll = (short: readonly string[], long: readonly string[]): boolean =>
  short.length > 0 && short.every((word, i) => long[i] === word) && short.join('').length >= 3;

export const relationOf = (a: NameParts, b: NameParts): NameRelation => {
  if (a.compact === b.compact || isCutOf(a, b) || isCutOf(b, a)) return 'same';
  // SCHWAB (CHARLES) CORP is CHARLES SCHWAB CORP.
  if (a.words.length > 1 && a.words.toSorted().join(' ') === b.words.toSorted().join(' ')) return 'same';
  if (startsWithAll(a.words, b.words) || startsWithAll(b.words, a.words)) return 'within';
  const mine = new Set(a.words);
  const theirs = new Set(b.words);
  mine.delete('&');
  theirs.delete('&');
  const common = [...mine].filter((word) => theirs.has(word)).length;
  return common * 2 >= Math.max(mine.size, theirs.size) && common > 0 ? 'similar' : 'different';
};

/** How the share classes relate: the same, said by one of the two only, or contradicting. */
export const classRelation = (a: NameParts, b: NameParts): 'same' | 'oneSided' | 'different' => {
  if (a.letter !== '' && b.letter !== '' && a.letter !== b.letter) return 'different';
  if (a.special !== b.special) {
    const pair = new Set([a.special, b.special]);
    // A right or a warrant is never the share that it is about; two different kinds are two securities.
    if (pair.has('WARRANT') || pair.has('RIGHT') || !pair.has('')) return 'different';
    return 'oneSided';
  }
  return a.letter === b.letter ? 'same' : 'oneSided';
};

/**
 * Whether two names mean one security's company: `agree`, `differ`, or `unsure` where one is part of the other, where
 * they merely resemble each other, or where only one says that it is a preferred share.
 */
export const namesAgree = (a: string, b: string): 'agree' | 'unsure' | 'differ' =>
  partsAgree(nameParts(a), nameParts(b));

export const partsAgree = (a: NameParts, b: NameParts): 'agree' | 'unsure' | 'differ' => {
  const relation = relationOf(a, b);
  const shareClass = classRelation(a, b);
  if (relation === 'different' || shareClass === 'different') return 'differ';
  if (relation !== 'same') return 'unsure';
  const special = a.special === b.special ? a.special : a.special + b.special;
  return shareClass === 'oneSided' && /PREFERRED|PARTICIPATION/.test(special) && a.special !== b.special
    ? 'unsure'
    : 'agree';
};
