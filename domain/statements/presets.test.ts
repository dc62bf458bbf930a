/** Invented rows in the columns of each broker, with what they mean worked out by hand. */
import { expect, test } from 'vitest';

import { decimalText } from '@pm/domain/money';

import { amountsOf, openStatement, readStatement } from './index.ts';
import type { StatementMapping } from './index.ts';

const read = (text: string, mapping: StatementMapping = {}) => {
  const file = openStatement(new TextEncoder().encode(text));
  return { file, ...readStatement(file, mapping) };
};

/** Type, day, quantity, price, fees, taxes and cash of each entry, as recorded in pounds. */
const shown = (text: string, mapping: StatementMapping = {}) =>
  read(text, mapping).entries.map((entry) => {
    const amounts = amountsOf(entry, 'GBP');
    const said = (value: Parameters<typeof decimalText>[0] | null): string =>
      value === null ? '' : decimalText(value);
    return [
      entry.type,
      entry.date.toString(),
      said(entry.qty),
      `${said(amounts.price)} ${amounts.currency}`,
      said(amounts.fees),
      said(amounts.taxes),
      `${said(amounts.cash.amount)} ${amounts.cash.currency}`,
    ];
  });

test('Hargreaves Lansdown: prices in pence, charges from what was paid, the kind from the reference', () => {
  const text = `Portfolio Summary,,,,
Client Name:,A Person,,,

Trade date,Settle date,Reference,Description,Unit cost (p),Quantity,Value (£),
"20/12/2024","22/12/2024","S100000002","Alder plc Ord 5p","700.00","40","268.05"
"12/12/2024","12/12/2024","INTEREST","Loyalty interest","","","1.25"
"02/12/2024","04/12/2024","B100000001","Alder plc Ord 5p 100 @ 603.27","603.27","100","-615.22"
"01/12/2024","01/12/2024","Card Web","Card payment","","","1,000.00"
"03/12/2024","03/12/2024","MANAGE FEE","HL Vantage ISA","","","-2.47"
`;
  expect(read(text).preset.id).toBe('hargreaves-lansdown');
  // 603.27 + 11.95 = 615.22; 280.00 − 11.95 = 268.05.
  expect(shown(text)).toEqual([
    ['deposit', '2024-12-01', '', ' GBP', '0', '0', '1000 GBP'],
    ['buy', '2024-12-02', '100', '6.0327 GBP', '11.95', '0', '615.22 GBP'],
    ['fee', '2024-12-03', '', ' GBP', '0', '0', '2.47 GBP'],
    ['interest', '2024-12-12', '', ' GBP', '0', '0', '1.25 GBP'],
    ['sell', '2024-12-20', '40', '7 GBP', '11.95', '0', '268.05 GBP'],
  ]);
  expect(read(text).entries[1]?.security).toMatchObject({ name: 'Alder plc Ord 5p', isin: null });
});

test('Trading 212: a purchase in dollars keeps its price and takes what was paid as its rate', () => {
  const text = `Action,Time,ISIN,Ticker,Name,No. of shares,Price / share,Currency (Price / share),Exchange rate,Result,Currency (Result),Total,Currency (Total),Withholding tax,Currency (Withholding tax),Stamp duty reserve tax,Currency (Stamp duty reserve tax),Notes,ID,Currency conversion fee,Currency (Currency conversion fee)
Deposit,2024-01-02 09:00:00,,,,,,,,,,1000.00,GBP,,,,,Bank,D1,,
Market buy,2024-01-03 15:30:01.120,US0378331005,AAPL,Apple,2.5,200.00,USD,1.25,,,400.60,GBP,,,,,,O1,0.60,GBP
Limit buy,2024-01-04 10:00:00,GB00BH4HKS39,VOD,Vodafone,100,70.50,GBX,100,,,70.85,GBP,,,0.35,GBP,,O2,,
Dividend (Dividend),2024-02-01 08:00:00,US0378331005,AAPL,Apple,2.5,0.24,USD,Not available,,,0.41,GBP,0.09,USD,,,,,,
`;
  expect(read(text).problems).toEqual([]);
  expect(shown(text)).toEqual([
    ['deposit', '2024-01-02', '', ' GBP', '0', '0', '1000 GBP'],
    // £0.60 at 1.25 is $0.75; $500.75 were paid with £400.60.
    ['buy', '2024-01-03', '2.5', '200 USD', '0.75', '0', '400.6 GBP'],
    ['buy', '2024-01-04', '100', '0.705 GBP', '0', '0.35', '70.85 GBP'],
    ['dividend', '2024-02-01', '', ' GBP', '0', '0', '0.41 GBP'],
  ]);
  const [, purchase] = read(text).entries;
  if (purchase === undefined) throw new Error('no purchase');
  // 400.60 / 500.75 = 0.8.
  expect(decimalText(amountsOf(purchase, 'GBP').paidRate ?? amountsOf(purchase, 'GBP').fees)).toBe('0.8');
});

test('Freetrade: stamp duty and FX fee, the account’s price for British shares', () => {
  const head =
    'Title,Type,Timestamp,Account Currency,Total Amount,Buy / Sell,Ticker,ISIN,Price per Share in Account Currency,Stamp Duty,Quantity,Venue,Order ID,Order Type,Instrument Currency,Total Shares Amount,Price per Share,FX Rate,Base FX Rate,FX Fee (BPS),FX Fee Amount,Dividend Ex Date,Dividend Pay Date,Dividend Eligible Quantity,Dividend Amount Per Share,Dividend Gross Distribution Amount,Dividend Net Distribution Amount,Dividend Withheld Tax Percentage,Dividend Withheld Tax Amount';
  const text = `${head}
Vodafone,ORDER,2024-03-05T10:00:00.000Z,GBP,100.50,BUY,VOD,GB00BH4HKS39,0.80000000,0.50,125,London,X1,BASIC,GBP,100.00,0.80,,,,,,,,,,,,
Top up,TOP_UP,2024-03-01T10:00:00.000Z,GBP,200.00,,,,,,,,,,,,,,,,,,,,,,,,
Apple,DIVIDEND,2024-05-20T10:00:00.000Z,GBP,0.68,,AAPL,US0378331005,,,,,,,USD,,,,0.8,,,2024-05-10,2024-05-20,4,0.25,1.00,0.85,15,0.15
May statement,MONTHLY_STATEMENT,2024-06-01T00:00:00.000Z,GBP,,,,,,,,,,,,,,,,,,,,,,,,,
`;
  expect(shown(text)).toEqual([
    ['deposit', '2024-03-01', '', ' GBP', '0', '0', '200 GBP'],
    ['buy', '2024-03-05', '125', '0.8 GBP', '0', '0.5', '100.5 GBP'],
    // $0.15 at 0.8 were withheld.
    ['dividend', '2024-05-20', '', ' GBP', '0', '0.12', '0.68 GBP'],
  ]);
  expect(read(text).leftOut).toEqual([{ row: 5, reason: 'a document' }]);
});

test('interactive investor, InvestEngine and Vanguard UK', () => {
  const ii = `Date,Settlement Date,Symbol,Sedol,Quantity,Price,Description,Reference,Debit,Credit,Running Balance
05/03/2024,07/03/2024,VOD,BH4HKS3,1000,£0.7012,VODAFONE GROUP,C1,"£707.19",n/a,"£292.81"
04/03/2024,04/03/2024,n/a,n/a,n/a,n/a,DEBIT CARD PAYMENT,n/a,n/a,"£1,000.00","£1,000.00"
06/03/2024,06/03/2024,n/a,n/a,n/a,n/a,TOTAL MONTHLY FEE,n/a,£4.99,n/a,£287.82
`;
  expect(read(ii).preset.id).toBe('interactive-investor');
  expect(shown(ii)).toEqual([
    ['deposit', '2024-03-04', '', ' GBP', '0', '0', '1000 GBP'],
    ['buy', '2024-03-05', '1000', '0.7012 GBP', '5.99', '0', '707.19 GBP'],
    ['fee', '2024-03-06', '', ' GBP', '0', '0', '4.99 GBP'],
  ]);
  expect(read(ii).entries[1]?.security).toMatchObject({ sedol: 'BH4HKS3', ticker: 'VOD' });
  const engine = `Trading Statement,
Security / ISIN,Transaction Type,Quantity,Share Price,Total Trade Value,Trade Date/Time,Settlement Date,Broker
Alder World / ISIN IE00BK5BQT80,Buy,0.5,£100.01,£50.01,04/03/25 15:07:07,06/03/25,None
`;
  expect(read(engine).preset.tradesOnly).toBe(true);
  // Half of £100.01 is half a penny less than what was paid: the sum counts.
  expect(shown(engine)).toEqual([['buy', '2025-03-04', '0.5', '100.01 GBP', '0', '0', '50.01 GBP']]);
  const vanguard = `Date,Details,Amount,Balance
05/04/2024,Bought 10 Alder World (ALDW),-755.20,244.80
04/04/2024,Regular Deposit,"1,000.00","1,000.00"
06/04/2024,Account Fee for the period,-1.50,243.30
`;
  expect(shown(vanguard)).toEqual([
    ['deposit', '2024-04-04', '', ' GBP', '0', '0', '1000 GBP'],
    ['buy', '2024-04-05', '10', '75.52 GBP', '0', '0', '755.2 GBP'],
    ['fee', '2024-04-06', '', ' GBP', '0', '0', '1.5 GBP'],
  ]);
});

test('AJ Bell: the cash statement and the transactions', () => {
  const cash = `Date,Description,"Receipt (GBP)","Payment (GBP)","Balance (GBP)"
01/05/2024,Faster Payment In,500.00,0,500.00
02/05/2024,Purchase 10 Alder,0,100.00,400.00
03/05/2024,Dividend   ALDER PLC   ORD,4.20,0,404.20
04/05/2024,Account charge for shares,0,3.50,400.70
`;
  expect(shown(cash).map((row) => [row[0], row[6]])).toEqual([
    ['deposit', '500 GBP'],
    ['dividend', '4.2 GBP'],
    ['fee', '3.5 GBP'],
  ]);
  expect(read(cash).leftOut).toMatchObject([{ row: 3 }]);
  const transactions = `Date,Transaction,Description,Quantity,Price,Amount (GBP),Reference
02/05/2024,Purchase,Alder plc,10,9.05,-100.45,R1
`;
  expect(read(transactions).preset.known).toBe('inferred');
  expect(shown(transactions)).toEqual([['buy', '2024-05-02', '10', '9.05 GBP', '9.95', '0', '100.45 GBP']]);
});

test('any table by its mapping: pence, commas, American days, splits', () => {
  const text = `When;What;Stock;Shares;Each;Sum
12/31/2024;Bought;Alder plc;1.000;250;2.512,50
01/02/2025;split;Alder plc;2:1;;
`;
  const mapping = {
    preset: 'general',
    columns: {
      date: 'When',
      type: 'What',
      name: 'Stock',
      qty: 'Shares',
      price: 'Each',
      amount: 'Sum',
      split: 'Shares',
    },
    dayOrder: 'mdy',
    decimalSign: 'comma',
    priceUnit: 'GBX',
  } as const;
  expect(read(text, mapping).problems).toEqual([
    {
      row: 3,
      field: 'qty',
      message: '“2:1” is not a number. Correct the file, or leave the row out and record it by hand.',
    },
  ]);
  expect(shown(text, mapping)).toEqual([['buy', '2024-12-31', '1000', '2.5 GBP', '12.5', '0', '2512.5 GBP']]);
});

test('what cannot be read is told with its row, field and way out, and never guessed', () => {
  const text = `Date,Type,ISIN,Quantity,Price,Amount
03/04/2024,Buy,GB00BH4HKS39,10,1,10
2024-02-31,Buy,GB00BH4HKS39,10,1,10
2024-04-05,Buy,GB00BH4HKS38,10,1,10
2024-04-05,Gift,GB00BH4HKS39,10,1,10
2024-04-05,Buy,GB00BH4HKS39,ten,1,10
2024-04-05,Buy,GB00BH4HKS39,0,1,10
2024-04-05,Dividend,GB00BH4HKS39,,,-3
`;
  expect(read(text).problems.map(({ row, field, message }) => [row, field, message.split('.')[0]])).toEqual([
    [2, 'date', '“03/04/2024” can be read in two ways; say whether the day or the month comes first'],
    [3, 'date', '“2024-02-31” is not a day'],
    [4, 'isin', 'GB00BH4HKS38 is not an ISIN: its check digit is wrong'],
    [5, 'type', '“Gift” is no kind of transaction that is known here'],
    [6, 'qty', '“ten” is not a number'],
    [7, 'qty', 'A buy needs a quantity'],
    [8, 'amount', 'A dividend below 0 takes an earlier one back'],
  ]);
  expect(() => read('hello')).toThrow(/not a table of transactions/u);
});
