/** The Bank of England's CSV, with invented figures. */
import { describe, expect, it } from 'vitest';

import { readBoeFile } from './boe-file.ts';

const HEAD = 'DATE,XUDLUSS,XUDLERS\r\n';
const refusal = (text: string): string => {
  try {
    readBoeFile(text);
  } catch (error) {
    if (error instanceof Error) return `${String(Reflect.get(error, 'code'))}: ${error.message}`;
  }
  return 'accepted';
};

describe('a rate file of the Bank of England', () => {
  it('gives units of each currency for one pound, and leaves out what it does not know', () => {
    const file = readBoeFile(
      'DATE,XUDLUSS,XUDLERS,XUDLXXX\r\n17 Mar 2026,1.2512,1.1501,7\r\n1 Apr 2026,n/a,1.16,8\r\n',
    );
    expect(file.rates).toEqual([
      { to: 'USD', rate: '1.2512', date: '2026-03-17' },
      { to: 'EUR', rate: '1.1501', date: '2026-03-17' },
      { to: 'EUR', rate: '1.16', date: '2026-04-01' },
    ]);
    expect(file.warnings).toHaveLength(1);
  });

  it('has no rates on days on which there are none', () => expect(readBoeFile(HEAD).rates).toEqual([]));

  it.each([
    ['<html><body>Error</body></html>', 'not_a_rate_file'],
    ['', 'not_a_rate_file'],
    [`${HEAD}17 Mar 2026,1.25\r\n`, 'truncated: Line 2'],
    [`${HEAD}31 Feb 2026,1.25,1.15\r\n`, 'bad_date: Line 2'],
    [`${HEAD}2026-03-17,1.25,1.15\r\n`, 'bad_date: Line 2'],
    [`${HEAD}17 Mar 2026,-1,1.15\r\n`, 'bad_rate: Line 2'],
    [`${HEAD}17 Mar 2026,0,1.15\r\n`, 'bad_rate: Line 2'],
  ])('%j', (text, expected) => expect(refusal(text)).toContain(expected));
});
