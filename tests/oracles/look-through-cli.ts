// Prints the look-through figures as JSON.
//   node tests/oracles/look-through-cli.ts synthetic
//   node tests/oracles/look-through-cli.ts real FOLDER [SWDA=5000 EIMI=2000 …]
//   node tests/oracles/look-through-cli.ts file PATH        (one issuer's file)

import { figuresOf, realFigures, syntheticFigures } from './figures.ts';
import { readIssuerFile } from './issuer-file.ts';

const USAGE = 'usage: look-through-cli.ts synthetic | real FOLDER [FUND=VALUE …] | file PATH';

function figures(args: string[]): unknown {
  const [what, path, ...values] = args;
  if (what === 'synthetic') return syntheticFigures();
  if (what === 'file' && path !== undefined) {
    return figuresOf([readIssuerFile('FILE', path)], [{ fund: 'FILE', value: '1' }]);
  }
  if (what !== 'real' || path === undefined) throw new Error(USAGE);
  if (values.length === 0) return realFigures(path);
  return realFigures(
    path,
    values.map((pair) => {
      const [fund = '', value = ''] = pair.split('=');
      return { fund, value };
    }),
  );
}

try {
  process.stdout.write(`${JSON.stringify(figures(process.argv.slice(2)), null, 2)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
