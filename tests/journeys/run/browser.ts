/**
 * The browser of the journeys: one that is there already, since a journey downloads nothing.
 *
 * Contents: findChromium · launchBrowser
 */
import { accessSync, constants } from 'node:fs';

import { chromium } from 'playwright';
import type { Browser } from 'playwright';

import { Refusal } from './refusal.ts';

const DEBIAN = '/usr/bin/chromium';

/** No sandbox, because the journeys also run as root; nothing that calls home. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser's program. @throws {Refusal} when there is none: journeys without a browser have shown nothing. */
export const findChromium = (): string => {
  const chosen = process.env['PM_CHROMIUM']?.trim() ?? '';
  const path = chosen === '' ? DEBIAN : chosen;
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    throw new Refusal(
      chosen === ''
        ? `The journeys need Chromium, and there is none at ${DEBIAN}: install it (Debian: apt-get install chromium) or name another with PM_CHROMIUM.`
        : `The journeys need Chromium, and PM_CHROMIUM names ${path}, which is no program that can be run.`,
    );
  }
};

/** Its own language decides how fields for days are written. */
export const launchBrowser = async (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ARGUMENTS, env: { ...process.env, LANGUAGE: 'en_GB' } });
