/*
 * npm run fix: mends what a program can mend, then says what is left for a person.
 * Generated files first, so that the linter and the formatter see the newest ones.
 */
import { join } from 'node:path';
import { readFormatter, runFormatter } from './check/format.ts';
import { showFinding } from './check/repo.ts';
import { readLinter, runLinter } from './check/lint.ts';
import { regenerate } from './generate.ts';

const root = join(import.meta.dirname, '..');

for (const path of await regenerate(root)) console.log(`generated  ${path}`);

const left = readLinter(await runLinter(root, ['--fix']));
for (const path of readFormatter(await runFormatter(root, ['--list-different']))) {
  console.log(`formatted  ${path.path}`);
}
const formatted = await runFormatter(root, []);
if (formatted.code !== 0) console.error(formatted.stderr.trim());

for (const finding of left) console.log(`left       ${showFinding(finding)}`);
console.log(
  left.length === 0
    ? 'Nothing left that the linter knows of. Now: npm run check'
    : `${left.length} left for you`,
);
process.exitCode = left.length === 0 && formatted.code === 0 ? 0 : 1;
