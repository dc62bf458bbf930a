import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  fundVersion,
  planConstituents,
  readConstituentFile,
  type ConstituentFile,
  type FundRow,
  type FundVersion,
  type GraphInstrument,
  type KnownSecurity,
  type LookThroughGraph,
  type PublishedRow,
} from '@pm/domain/look-through';

const ROOT = join(import.meta.dirname, '../..');
const FIXTURES = join(ROOT, 'domain/look-through/fixtures');
export const ORACLES = join(ROOT, 'tests/oracles');

/** The folder of issuers' real files, beside the checkout; they are never committed. */
export const REAL = join(ROOT, '../shared/realdata/etf');
export const hasReal = existsSync(join(REAL, 'ishares_SWDA_2024-02-23_it.csv'));

/** The made-up and the real file of one kind. */
export const pathOf = (made: string, real: string): string =>
  hasReal ? join(REAL, real) : join(FIXTURES, made);

export const readFile = (path: string): ConstituentFile => readConstituentFile(readFileSync(path));

const NOTHING = { sector: null, country: null, currency: null, assetClass: null } as const;

/** A row that is a share of another fund of the install. */
export const fundRow = (childId: string, weightPct: string): FundRow => ({
  ...NOTHING,
  childId,
  name: childId,
  weightPct,
  marketValue: null,
  kind: 'fund',
});

/** Imports files one after the other, in memory: what is not known yet becomes a new security. */
export class Install {
  readonly known: KnownSecurity[] = [];
  readonly unsure: PublishedRow[] = [];
  readonly graph: LookThroughGraph;
  private readonly funds = new Map<string, FundVersion>();
  private readonly instruments = new Map<string, GraphInstrument>();
  private readonly idOfRow = new Map<string, string>();

  constructor() {
    this.graph = { funds: this.funds, instruments: this.instruments };
  }

  /** Imports a fund's file; `more` are rows that are other funds. */
  import(fund: string, file: ConstituentFile, more: readonly FundRow[] = []): void {
    const rows: FundRow[] = [...more];
    for (const { row, instrumentId, outcome } of planConstituents(file.rows, this.known).constituents) {
      if (outcome === 'unsure') this.unsure.push(row);
      const childId = instrumentId ?? this.add(row);
      for (const number of row.rowNumbers) this.idOfRow.set(`${fund} ${number}`, childId);
      rows.push({ ...row, childId });
    }
    this.addFund(fund, file.asOf?.toString() ?? '2024-01-01', rows);
  }

  addFund(fund: string, asOf: string, rows: readonly FundRow[]): void {
    const weightSumPct = rows.reduce((sum, row) => sum + Number(row.weightPct), 0);
    this.funds.set(fund, fundVersion({ importId: `import ${fund}`, asOf, weightSumPct }, rows));
    this.instruments.set(fund, { ...NOTHING, name: fund, kind: 'fund' });
  }

  /** The security that a file's row became. */
  idOf(fund: string, row: PublishedRow): string {
    return this.idOfRow.get(`${fund} ${row.rowNumbers[0] ?? 0}`) ?? '';
  }

  private add(row: PublishedRow): string {
    const instrumentId = `security ${String(this.known.length).padStart(6, '0')}`;
    const { kind, name, isin, cusip, sedol, figi, currency, sector, assetClass, ticker, mic } = row;
    const country = row.country === 'Unclassified' ? null : row.country;
    const listings = [{ ticker, mic }];
    const identifiers = { isin, cusip, sedol, figi };
    this.known.push({
      instrumentId,
      kind,
      name,
      otherNames: [],
      ...identifiers,
      listings,
      country,
      currency,
    });
    this.instruments.set(instrumentId, { name, kind, sector, country, currency, assetClass });
    return instrumentId;
  }
}
