import { errorCode } from './failures.ts';

/** A database that cannot be used as it is. The message is one sentence for the person who starts the server. */
export class DatabaseSetupError extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'DatabaseSetupError';
  }
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$|^ENOENT$/u, 'nothing listens there'],
  [/^ENOTFOUND$|^EAI_AGAIN$/u, 'the host name is not known'],
  [/^28P01$|^28000$/u, 'the server refuses the user or the password'],
  [/^3D000$/u, 'there is no such database'],
  [/^53300$/u, 'the server has no free connection'],
  [/^57P03$/u, 'the server is still starting'],
];

/** Why a connection failed, in words and without anything secret. */
export const connectionFailure = (variable: string, target: string, error: unknown): DatabaseSetupError => {
  const code = errorCode(error) ?? '';
  const known = REASONS.find(([pattern]) => pattern.test(code))?.[1];
  const reason = known ?? (code === '' ? 'no answer in time' : `error ${code}`);
  return new DatabaseSetupError(`${variable} (${target}) cannot be used: ${reason}.`, error);
};
