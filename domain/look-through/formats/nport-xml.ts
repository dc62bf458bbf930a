import { dec, decimalText, HUNDRED } from '@pm/domain/money';
import { foldTerm } from '../terms/index.ts';
import type { ConstituentFile, Warning } from '../published/index.ts';
import type { Field } from './columns.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { readDay } from './dates.ts';
import { FormatError } from './format-error.ts';
import { either, readFiling, said, type Filing, type Values } from './nport-filing.ts';
import { parsePublished } from './numbers.ts';
import { readSheet } from './sheet.ts';

const title = 'SEC Form N-PORT';
const id = 'nport-xml';

/** The form's words for its codes of assets (Item C.4.a). */
const ASSETS: Readonly<Record<string, string>> = {
  STIV: 'Short-term investment vehicle',
  RA: 'Repurchase agreement',
  EC: 'Equity-common',
  EP: 'Equity-preferred',
  DBT: 'Debt',
  DCO: 'Derivative-commodity',
  DCR: 'Derivative-credit',
  DE: 'Derivative-equity',
  DFE: 'Derivative-foreign exchange',
  DIR: 'Derivative-interest rate',
  DO: 'Derivatives-other',
  SN: 'Structured note',
  LON: 'Loan',
  'ABS-MBS': 'ABS-mortgage backed security',
  'ABS-APCP': 'ABS-asset backed commercial paper',
  'ABS-CBDO': 'ABS-collateralized bond/debt obligation',
  'ABS-O': 'ABS-other',
  COMM: 'Commodity',
  RE: 'Real estate',
  OTHER: 'Other',
};
/** Contracts by the form's codes (Item C.11.a), where they say more than the asset does. */
const CONTRACTS: Readonly<Record<string, string>> = {
  FUT: 'Future',
  SWP: 'Swap',
  OPT: 'Option',
  SWO: 'Swaption',
};
/** Issuers that are funds themselves (Item C.4.b). */
const FUND_ISSUERS: Readonly<Record<string, string>> = { RF: 'Registered fund', PF: 'Private fund' };
const CONTRACT_KINDS = ['fwdDeriv', 'futrDeriv', 'swapDeriv', 'optionSwaptionWarrantDeriv', 'othDeriv'];

const FIELDS: readonly Field[] = [
  'name',
  'ticker',
  'isin',
  'cusip',
  'lei',
  'country',
  'currency',
  'assetClass',
  'weight',
  'marketValue',
  'notional',
  'quantity',
];
const COLUMNS = new Map(FIELDS.map((field, at) => [field, at]));

/** The element that describes a contract, such as `futrDeriv`, or null. */
const contractOf = (values: Values): string | null =>
  CONTRACT_KINDS.find((kind) => values.has(`derivativeInfo/${kind}@derivCat`)) ?? null;

const assetClassOf = (values: Values, contract: string | null): string => {
  const asset = either(values, 'assetCat', 'assetConditional') ?? '';
  const category = contract === null ? '' : (values.get(`derivativeInfo/${contract}@derivCat`) ?? '');
  if (category === 'FWD' && asset === 'DFE') return 'Forward';
  if (category !== '') {
    return CONTRACTS[category] ?? (asset.startsWith('D') ? ASSETS[asset] : null) ?? 'Derivatives-other';
  }
  const issuer = either(values, 'issuerCat', 'issuerConditional') ?? '';
  if (asset === 'EC' || asset === 'EP') return FUND_ISSUERS[issuer] ?? ASSETS[asset] ?? asset;
  return ASSETS[asset] ?? asset;
};

const firstWord = (text: string): string => foldTerm(text).split(' ')[0] ?? '';

/**
 * What a row is called. The form has the issuer's name and the issue's title: the title where it begins as the name does
 * ("Alphabet Inc., Class C"), the name alone for shares (titles such as "Common Stock" say nothing), else both.
 */
const nameOf = (values: Values): string => {
  const name = said(values.get('name')) ?? '';
  const issue = said(values.get('title')) ?? '';
  if (issue === '' || name === '') return name === '' ? issue : name;
  if (firstWord(issue) === firstWord(name)) return issue;
  const asset = either(values, 'assetCat', 'assetConditional');
  return asset === 'EC' || asset === 'EP' ? name : `${name}, ${issue}`;
};

const DOLLAR = 'USD';

/** A contract's notional amount, where the filing gives it in dollars, the money of all its values. */
const notionalOf = (values: Values, contract: string | null): string => {
  const of = (field: string): string => values.get(`derivativeInfo/${contract ?? ''}/${field}`) ?? '';
  if (contract === 'fwdDeriv' && of('notionalAmt') === '') {
    if (of('curPur') === DOLLAR) return of('amtCurPur');
    return of('curSold') === DOLLAR ? of('amtCurSold') : '';
  }
  return [DOLLAR, ''].includes(of('curCd')) ? of('notionalAmt') : '';
};

/**
 * A short sale is owed, so its value is negative; some filers give it without the sign. Contracts are left alone: theirs
 * is what was gained or lost, whichever way they point.
 */
const isUnsignedShort = (values: Values, contract: string | null): boolean => {
  const weight = parsePublished(values.get('pctVal') ?? '', 'point');
  return (
    values.get('payoffProfile') === 'Short' &&
    contract === null &&
    weight !== null &&
    dec(weight).isPositive() &&
    !dec(weight).isZero()
  );
};

const negated = (value: string): string => (value === '' || value.startsWith('-') ? value : `-${value}`);

const cellsOf = (values: Values): { readonly cells: readonly string[]; readonly turned: boolean } => {
  const contract = contractOf(values);
  const turned = isUnsignedShort(values, contract);
  const signed = (value: string): string => (turned ? negated(value) : value);
  const of: Readonly<Partial<Record<Field, string>>> = {
    name: nameOf(values),
    ticker: said(values.get('identifiers/ticker@value')) ?? '',
    isin: said(values.get('identifiers/isin@value')) ?? '',
    cusip: said(values.get('cusip')) ?? '',
    lei: said(values.get('lei')) ?? '',
    country: said(values.get('invOthCountry')) ?? said(values.get('invCountry')) ?? '',
    currency: said(either(values, 'curCd', 'currencyConditional')) ?? '',
    assetClass: assetClassOf(values, contract),
    weight: signed(values.get('pctVal') ?? ''),
    marketValue: signed(values.get('valUSD') ?? ''),
    notional: notionalOf(values, contract),
    quantity: signed(values.get('balance') ?? ''),
  };
  return { cells: FIELDS.map((field) => of[field] ?? ''), turned };
};

const dayOf = (about: Values): Temporal.PlainDate | null => {
  const reading = readDay(about.get('repPdDate') ?? '', null);
  return reading === null || reading === 'ambiguous' ? null : reading.day;
};

const refuseEmpty = ({ about }: Filing): FormatError => {
  const fund = about.get('seriesName') ?? about.get('regName') ?? 'the fund';
  const day = about.get('repPdDate');
  const why =
    about.get('isFinalFiling') === 'Y'
      ? 'It is marked as the fund’s last one: the fund has been closed.'
      : 'Download the filing of another month.';
  return new FormatError(
    'no_rows',
    `The filing of ${fund}${day === undefined ? '' : ` for ${day}`} lists no investments. ${why}`,
  );
};

/** Money that the form counts outside its list of investments (Item B.2.f). */
const cashOutside = ({ about }: Filing): Warning[] => {
  const [cash, net] = ['cshNotRptdInCorD', 'netAssets'].map((key) =>
    parsePublished(about.get(key) ?? '', 'point'),
  );
  if (cash === null || cash === undefined || dec(cash).isZero()) return [];
  const share =
    net === null || net === undefined || dec(net).isZero()
      ? ''
      : `, ${decimalText(dec(cash).div(dec(net)).times(HUNDRED).toDecimalPlaces(2))} % of its net assets`;
  return [
    {
      code: 'cash_not_listed',
      message: `Beside the list of investments the fund has ${decimalText(dec(cash))} USD in cash${share}; it is not among the rows.`,
      field: 'weight',
    },
  ];
};

const turnedSigns = (rows: readonly number[]): Warning[] =>
  rows.length === 0
    ? []
    : [
        {
          code: 'short_made_negative',
          message: `${rows.length} short position${rows.length === 1 ? ' is' : 's are'} given without a minus sign and count${rows.length === 1 ? 's' : ''} as negative.`,
          field: 'weight',
          rowNumbers: rows.slice(0, 20),
        },
      ];

const read = (text: string): ConstituentFile => {
  const filing = readFiling(text);
  if (filing.investments.length === 0) throw refuseEmpty(filing);
  const built = filing.investments.map((values) => cellsOf(values));
  const asOf = dayOf(filing.about);
  const missing: Warning[] =
    asOf === null
      ? [
          {
            code: 'as_of_missing',
            field: 'asOf',
            message: 'The filing does not say of which day its holdings are.',
          },
        ]
      : [];
  return readSheet({
    format: id,
    formatTitle: title,
    locale: null,
    asOf,
    fundName: said(filing.about.get('seriesName')) ?? said(filing.about.get('regName')),
    columns: COLUMNS,
    rows: built.map(({ cells }, at) => ({ cells, line: at + 1 })),
    decimalSign: 'point',
    decimalSignElse: 'point',
    warnings: [
      ...missing,
      ...turnedSigns(built.flatMap(({ turned }, at) => (turned ? [at + 1] : []))),
      ...cashOutside(filing),
    ],
  });
};

const LOOKED_AT = 65_536;

/** The form inside a complete submission as EDGAR keeps it (.txt), whose frame is no XML. */
const formOf = (text: string): string => {
  if (!/^\s*(?:-----BEGIN|<SEC-DOCUMENT>|<SUBMISSION>)/.test(text)) return text;
  const [start, end] = [text.indexOf('<XML>'), text.indexOf('</XML>')];
  return start < 0 || end < start ? text : text.slice(start + '<XML>'.length, end).trim();
};

/**
 * The monthly portfolio of an American fund as filed with the SEC: Form N-PORT, part C, one series of funds. Weights
 * are per cent of net assets, which lending and borrowing may bring far from 100 in sum. Rows are counted from 1.
 * Source: SEC, "EDGAR Form N-PORT XML Technical Specification".
 */
export const nportXml: ConstituentFormat = {
  id,
  title,
  recognise: (source) => {
    const start = source.text()?.slice(0, LOOKED_AT) ?? '';
    return /<(?:\w+:)?edgarSubmission[\s>]/.test(start) && /sec\.gov\/edgar\/nport/.test(start);
  },
  read: (source) => read(formOf(source.text() ?? '')),
};
