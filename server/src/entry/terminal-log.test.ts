import { expect, it } from 'vitest';

import { terminalLine } from './terminal-log.ts';

it('says what happened and why, without JSON', () => {
  const warning = {
    level: 'warn',
    time: '2026-01-02T03:04:05.678Z',
    msg: 'The job failed',
    err: { message: 'No network.' },
  };
  expect(terminalLine(JSON.stringify(warning))).toBe('03:04:05  ! The job failed: No network.\n');
  expect(terminalLine('{"level":"info","time":"2026-01-02T03:04:05.678Z","msg":"Ready"}')).toBe(
    '03:04:05  Ready\n',
  );
});

it('leaves requests out', () => {
  expect(terminalLine('{"level":"info","msg":"request","route":"/readyz"}')).toBeUndefined();
});
