import { describe, expect, it } from 'vitest';

import { ConfigError } from '#platform/config.ts';
import { unprocessable } from '#platform/errors.ts';

import { CommandError, sentenceOf } from './runtime.ts';

const withCode = (message: string, code: string, more: object = {}): Error =>
  Object.assign(new Error(message), { code, ...more });

describe('what a command says when it fails', () => {
  it('is the sentence of errors that are meant for people', () => {
    expect(sentenceOf(new CommandError('Port 3000 is in use.'))).toBe('Port 3000 is in use.');
    expect(sentenceOf(new ConfigError(['PORT is "x".', 'HOST is "y".']))).toBe('PORT is "x".\nHOST is "y".');
    expect(sentenceOf(unprocessable('weights_do_not_sum', 'The weights sum to 60 %.'))).toBe(
      'The weights sum to 60 %.',
    );
  });

  it('names the file that is missing or closed', () => {
    expect(sentenceOf(withCode('open', 'ENOENT', { path: 'funds.csv' }))).toBe('There is no file funds.csv.');
    expect(sentenceOf(withCode('open', 'EACCES', { path: 'funds.csv' }))).toBe(
      'funds.csv may not be read or written by this user.',
    );
  });

  it('says that the database went away, without the address that knows the password', () => {
    const lost = 'Client has encountered a connection error and is not queryable';
    expect(sentenceOf(new Error(lost))).toBe(
      `The database went away meanwhile (${lost}); what was done is kept, start again.`,
    );
    expect(
      sentenceOf(withCode('terminating connection due to unexpected postmaster exit', '57P02')),
    ).toContain('The database went away meanwhile');
    const address = 'connect failed: postgres://app:hunter2@localhost/portfolio_manager';
    expect(sentenceOf(withCode(address, 'ECONNREFUSED'))).not.toContain('hunter2');
  });

  it('is nothing for a fault of ours, which needs its stack', () => {
    expect(sentenceOf(new TypeError('x is undefined'))).toBeUndefined();
    expect(sentenceOf('thrown')).toBeUndefined();
  });
});
