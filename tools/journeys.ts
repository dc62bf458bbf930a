/*
 * npm run journeys [-- 02 05 --width=390 --pictures]: the browser stories of tests/journeys.
 *
 * The last line is "N passed, N failed"; the exit code is 0 only when something ran and nothing failed. No browser is a
 * failure: a journey that nobody made proves nothing.
 */
type Journeys = { readonly runJourneys: (args: readonly string[]) => Promise<number> };

// By address and not by name: the stories are typed for the browser too, this file is not.
const address = new URL('../tests/journeys/main.ts', import.meta.url).href;
const { runJourneys } = (await import(address)) as Journeys;

process.exit(await runJourneys(process.argv.slice(2)));
