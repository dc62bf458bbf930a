/**
 * Passwords: the rule for new ones, hashing, and checking in equal time.
 *
 * The rule is length only (NIST SP 800-63B, 5.1.1.2: at least 8 characters, no composition rules), plus bcrypt's own
 * limit: it reads 72 bytes and ignores the rest, so a longer password is refused rather than cut.
 */
import { randomUUID } from 'node:crypto';

import bcrypt from 'bcrypt';

import { badRequest, unavailable } from '#platform/errors.ts';

/** Fewest characters of a new password. */
const PASSWORD_CHARACTERS_MIN = 8;
/** Most bytes, as UTF-8. */
const PASSWORD_BYTES_MAX = 72;
/** 2^12 rounds: about a quarter of a second. */
const BCRYPT_COST = 12;

/**
 * Hashes at work at once. They run in libuv's four threads, which verifying tokens and reading files need too: a rush
 * of sign-ins must not hold up everybody who is already signed in.
 */
const AT_ONCE_MAX = 2;
/** Sign-ins that wait for their turn; the next one is told to come back. */
const WAITING_MAX = 40;
const RETRY_SECONDS = 5;

/** Hashes and checks. The work runs in libuv's threads, never on the event loop. */
export type Passwords = {
  /** @throws {AppError} 400 `weak_password` or `password_too_long`, field `password` */
  hash(password: string, email: string): Promise<string>;
  /**
   * Whether the password is the one that was hashed.
   * @param hash undefined for an unknown person: the answer is false and takes as long as any other
   */
  matches(password: string, hash: string | undefined): Promise<boolean>;
};

/** @param cost lower only in tests */
export const createPasswords = (cost: number = BCRYPT_COST): Passwords => {
  const inTurn = createTurns(AT_ONCE_MAX, WAITING_MAX);
  // Somebody's hash to compare with when there is nobody; of the same cost, made before it is first needed.
  const nobody = bcrypt.hash(randomUUID(), cost);
  return {
    hash: async (password, email) => {
      checkPassword(password, email);
      return inTurn(async () => bcrypt.hash(password, cost));
    },
    matches: async (password, hash) => {
      const known = hash ?? (await nobody);
      const same = await inTurn(async () => bcrypt.compare(password, known));
      // bcrypt would also accept the right 72 bytes with anything behind them.
      return same && hash !== undefined && Buffer.byteLength(password) <= PASSWORD_BYTES_MAX;
    },
  };
};

const checkPassword = (password: string, email: string): void => {
  if (Array.from(password).length < PASSWORD_CHARACTERS_MIN) {
    throw badRequest(
      'weak_password',
      `The password must have at least ${PASSWORD_CHARACTERS_MIN} characters.`,
      'password',
    );
  }
  if (Buffer.byteLength(password) > PASSWORD_BYTES_MAX) {
    throw badRequest(
      'password_too_long',
      `The password must have at most ${PASSWORD_BYTES_MAX} bytes (letters with accents count as two).`,
      'password',
    );
  }
  if (password.trim() === '' || password.toLowerCase() === email.toLowerCase()) {
    throw badRequest('weak_password', 'The password must not be blank or your e-mail address.', 'password');
  }
};

/**
 * Runs work in the order it came, so many at once.
 * @throws {AppError} 503 when too many wait already
 */
export const createTurns = (atOnceMax: number, waitingMax: number) => {
  const waiting: (() => void)[] = [];
  let atWork = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (atWork >= atOnceMax) {
      if (waiting.length >= waitingMax) throw unavailable(RETRY_SECONDS);
      // Whoever finishes hands its place on, so the count stays.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      atWork += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) atWork -= 1;
      else next();
    }
  };
};
