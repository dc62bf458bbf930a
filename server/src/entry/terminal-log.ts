/**
 * The log as a person at a terminal reads it: the time, what happened, and why where something went wrong. Requests are
 * left out. Everywhere else (files, containers, pipes) the log stays JSON, one line an event.
 *
 * Contents: terminalLine · terminalDestination
 */
type Line = {
  readonly level?: string;
  readonly time?: string;
  readonly msg?: string;
  readonly job?: string;
  readonly err?: { readonly message?: string };
};

const MARKS: Readonly<Record<string, string>> = { warn: '! ', error: '!! ', fatal: '!! ' };

/** What is of use only to who reads the whole log. */
const MACHINES_ONLY = /^(?:request$|Migration applied|Server listening|An idle database connection)/u;

/** One line for a person, or nothing for what only machines need. */
export const terminalLine = (json: string): string | undefined => {
  const line = JSON.parse(json) as Line;
  if (line.msg === undefined || MACHINES_ONLY.test(line.msg)) {
    return undefined;
  }
  const clock = (line.time ?? '').slice('2000-01-01T'.length, '2000-01-01T00:00:00'.length);
  const reason = line.err?.message === undefined ? '' : `: ${line.err.message}`;
  return `${clock}  ${MARKS[line.level ?? ''] ?? ''}${line.msg}${line.job === undefined ? '' : ` (${line.job})`}${reason}\n`;
};

/** Where the log goes when standard output is a terminal. */
export const terminalDestination = {
  write: (json: string): void => {
    const line = terminalLine(json);
    if (line !== undefined) {
      process.stdout.write(line);
    }
  },
};
