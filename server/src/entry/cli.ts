/**
 * The command line: `npm run pm -- <command>`, and `npm start`, which is `serve`.
 *
 * Exit codes: 0 done; 1 could not be done, with one sentence on standard error; 2 the command was not understood.
 */
import { Command, CommanderError, Option } from 'commander';

import { openDatabases } from '#platform/database/open.ts';

import { exportTo, importArchiveFile, importLocalStorage } from './commands/archive.ts';
import type { LocalStorageOptions, PersonOption } from './commands/archive.ts';
import { doctor } from './commands/doctor.ts';
import { importConstituents, importPriceFiles, importRates } from './commands/import.ts';
import type { ConstituentOptions, PriceOptions } from './commands/import.ts';
import { movePriceMonth, tidyAllPrices } from './commands/prices.ts';
import { serve } from './commands/serve.ts';
import { verify } from './commands/verify.ts';
import { runWorker } from './commands/worker.ts';
import { makeDemoLogin } from './demo-login.ts';
import { VERSION, createRuntime, sentenceOf, withDatabases } from './runtime.ts';

const EXIT_FAILED = 1;
const EXIT_MISUSED = 2;

const migrate = async (): Promise<void> => {
  const { config, log } = createRuntime(true);
  const databases = await openDatabases(config, log);
  const { applied, version } = databases.migrations;
  await databases.close();
  const what = applied.length === 0 ? 'Nothing to do' : `Applied ${applied.join(', ')}`;
  process.stdout.write(`${what}; the schema has version ${version}.\n`);
};

const demo = async (): Promise<void> => {
  const runtime = createRuntime(true);
  const { email, password } = await withDatabases(runtime, async (databases) =>
    makeDemoLogin(databases, runtime.clock.now()),
  );
  process.stdout.write(
    `The demo household is ready. Sign in with\n  email     ${email}\n  password  ${password}   (shown once)\n`,
  );
};

const program = new Command('pm')
  .description('Portfolio Manager: what a household really owns')
  .version(VERSION)
  .showHelpAfterError('Use --help to see what it takes.')
  .exitOverride();

program
  .command('serve')
  .description('run everything: database, API, jobs and page (this is npm start)')
  .action(serve);
program
  .command('worker')
  .description('run the jobs alone, beside API processes on an own PostgreSQL')
  .action(runWorker);
program.command('migrate').description('bring the database schema up to date and stop').action(migrate);
program
  .command('demo')
  .description('make a demo household with a sign-in of its own; the password is shown once')
  .action(demo);
program
  .command('verify')
  .description('replay all trades and compare with the stored holdings')
  .action(verify);
program.command('doctor').description('check what this install stands on').action(doctor);

const prices = program.command('prices').description('what becomes of prices with the years');
prices
  .command('tidy')
  .description('make the coming months and thin old quotes to the last of each day, in all months')
  .action(tidyAllPrices);
prices
  .command('detach')
  .description('take a month out of the table; it stays beside it, and counts no more')
  .argument('<month>', 'such as 2015-03; the last twelve stay')
  .action(async (month: string) => movePriceMonth('detach', month));
prices
  .command('attach')
  .description('put a month back that was taken out')
  .argument('<month>', 'such as 2015-03')
  .action(async (month: string) => movePriceMonth('attach', month));

const imports = program.command('import').description('take in files, each as a whole or not at all');
imports
  .command('constituents')
  .description('issuers’ files of what funds hold')
  .argument('<file...>')
  .option('--instrument <id>', 'the fund: its id, ISIN or ticker; else the file’s contents must show it')
  .option('--as-of <day>', 'the day of the holdings, where the file does not say it')
  .option('--force', 'take weights that do not sum to 98–102 %')
  .addOption(new Option('--scope <scope>', 'for everybody or for one person').choices(['shared', 'private']))
  .option('--as <email>', 'in whose name; default the first administrator')
  .action(async (files: string[], options: ConstituentOptions) => importConstituents(files, options));
imports
  .command('prices')
  .description('past prices: Yahoo’s or Stooq’s CSV, or any table with a day and a price')
  .argument('<file...>')
  .requiredOption('--instrument <id>', 'whose prices: its id, ISIN or ticker')
  .option('--quote-unit <unit>', 'in which they are written, such as GBX; else the unit of its primary line')
  .option('--as <email>', 'in whose name; default the first administrator')
  .action(async (files: string[], options: PriceOptions) => importPriceFiles(files, options));
imports
  .command('fx')
  .description('the ECB’s reference rates: CSV or XML as published')
  .argument('<file...>')
  .action(async (files: string[]) => importRates(files));
imports
  .command('local-storage')
  .description('what the older version kept in the browser, as JSON; never twice')
  .argument('<file>')
  .option('--preview', 'only say what would be made, changed and refused')
  .option('--as <email>', 'in whose name; default the first administrator')
  .action(async (file: string, options: LocalStorageOptions) => importLocalStorage(file, options));
imports
  .command('archive')
  .description('a person’s archive into an account that is still empty')
  .argument('<file>')
  .option('--as <email>', 'into whose account; default the first administrator’s')
  .action(async (file: string, options: PersonOption) => importArchiveFile(file, options));
program
  .command('export')
  .description('everything that a person owns, as JSON and CSV in one ZIP file')
  .argument('<file>', 'a new file')
  .option('--as <email>', 'whose; default the first administrator’s')
  .action(async (file: string, options: PersonOption) => exportTo(file, options));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_MISUSED;
  else {
    const sentence = sentenceOf(error);
    process.stderr.write(
      `${sentence ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
    );
    process.exitCode = EXIT_FAILED;
  }
}
