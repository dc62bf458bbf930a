// Writes figures/*.json anew:  node tests/oracles/regenerate.ts [FOLDER of the issuers' files]
// Then `npm run fix` gives them the house format. Without a folder the figures of the real files stay as they are.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realFigures, syntheticFigures } from './figures.ts';
import { ledgerFigures } from './ledger-figures.ts';

const folder = process.argv[2];
const write = (name: string, figures: unknown): void =>
  writeFileSync(join(import.meta.dirname, 'figures', name), `${JSON.stringify(figures, null, 2)}\n`);

write('synthetic.json', syntheticFigures());
write('ledger.json', ledgerFigures());
if (folder !== undefined) write('real.json', realFigures(folder));
