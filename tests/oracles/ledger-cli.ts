// Prints the ledger figures as JSON.
//   node tests/oracles/ledger-cli.ts cases
//   node tests/oracles/ledger-cli.ts history SEED STEPS        (a random history with what must come of each step)
//   node tests/oracles/ledger-cli.ts replay FILE               (a JSON list of trades; "-" reads standard input)
//   node tests/oracles/ledger-cli.ts rate ECB.csv FROM TO DAY

import { readFileSync } from 'node:fs';
import { crossRate, readEcbHistoryFile } from './fx.ts';
import { randomHistory } from './history.ts';
import { ledgerFigures, writtenPosition, writtenReplay } from './ledger-figures.ts';
import type { Trade } from './ledger.ts';
import { replay } from './ledger.ts';

const USAGE = 'usage: ledger-cli.ts cases | history SEED STEPS | replay FILE | rate ECB.csv FROM TO DAY';

function figures(args: string[]): unknown {
  const [what, first = '', second = '', third = '', fourth = ''] = args;
  if (what === 'cases') return ledgerFigures();
  if (what === 'history') {
    return randomHistory({ seed: Number(first), steps: Number(second) }).map((step) => ({
      ...step,
      after: writtenPosition(step.after),
    }));
  }
  if (what === 'replay') {
    return writtenReplay(replay(JSON.parse(readFileSync(first === '-' ? 0 : first, 'utf8')) as Trade[]));
  }
  if (what !== 'rate') throw new Error(USAGE);
  const answer = crossRate(readEcbHistoryFile(first), second, third, fourth);
  if (!answer.ok) return answer;
  const { rate, perEuro, ...rest } = answer;
  return {
    ...rest,
    rate: rate.toDecimal(20),
    perEuro: { from: perEuro.from.toDecimal(), to: perEuro.to.toDecimal() },
  };
}

try {
  process.stdout.write(`${JSON.stringify(figures(process.argv.slice(2)), null, 2)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
