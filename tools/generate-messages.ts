/** The catalogues of the browser's texts: what stands in the source, with the translations that are there already. */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { lastWords, runTool } from './check/run-tool.ts';
import type { GeneratedFile } from './generated-file.ts';

const LOCALES = 'web/src/locales';

/**
 * Extracts into a temporary folder that begins as a copy of the catalogues, so that looking changes nothing.
 * @throws when the extractor cannot read a source file
 */
export async function generateMessages(root: string): Promise<readonly GeneratedFile[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pm-messages-'));
  try {
    const catalogues = readdirSync(join(root, LOCALES)).filter((name) => name.endsWith('.po'));
    for (const name of catalogues) cpSync(join(root, LOCALES, name), join(folder, name));
    const config = join(folder, 'lingui.config.ts');
    const base = JSON.stringify(join(root, 'web/lingui.config.ts'));
    const catalog = JSON.stringify({ path: `${folder}/{locale}`, include: ['<rootDir>/src'] });
    writeFileSync(config, `import base from ${base};\nexport default { ...base, catalogs: [${catalog}] };\n`);
    const extractor = join(root, 'node_modules/@lingui/cli/dist/lingui.js');
    const result = await runTool(extractor, ['extract', '--clean', '--config', config], join(root, 'web'));
    if (result.code !== 0) throw new Error(`The texts could not be extracted: ${lastWords(result)}`);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.po'))
      .map((name) => ({
        path: `${LOCALES}/${basename(name)}`,
        content: readFileSync(join(folder, name), 'utf8'),
      }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
