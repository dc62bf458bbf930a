import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const REPO = join(import.meta.dirname, '../..');

/**
 * Makes a folder outside the checkout with our packages, the named configuration files and `texts`, hands it to `use`,
 * and removes it: there a tool shows that it can fail, without a broken file ever standing in the checkout.
 */
export async function withPlantedFolder<T>(
  configs: readonly string[],
  texts: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pm-planted-'));
  try {
    symlinkSync(join(REPO, 'node_modules'), join(folder, 'node_modules'));
    for (const config of configs) cpSync(join(REPO, config), join(folder, config));
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
