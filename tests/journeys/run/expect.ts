import { expect as plain } from 'playwright/test';

/** Two worlds share two processors with whatever else the machine does; a page that is slow is not wrong. */
const WITHIN_MS = 15_000;

/** Playwright's expectations, with more patience. */
export const expect = plain.configure({ timeout: WITHIN_MS });
