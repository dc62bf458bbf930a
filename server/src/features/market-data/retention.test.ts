/** Prices with the years: thinned, taken out by the month, put back. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import { withWorker } from '../../platform/database/index.ts';
import { storePrices } from './feed-queries.ts';
import { movePrices, tidyPrices } from './retention.ts';

const NOW = Temporal.Instant.from('2026-11-20T22:00:00Z');

let app: TestApp;
let listingId: string;
let instrumentId: string;

beforeAll(async () => {
  app = await createTestApp();
  const made = await app.admin.expect(201, 'POST /api/instruments', {
    body: { type: 'ETF', name: 'Old fund', ticker: 'OLD', exchange: 'XLON', currency: 'GBP' },
  });
  instrumentId = made.id;
  listingId = made.listings[0]?.id ?? '';
});
afterAll(async () => app.close());

const store = async (rows: readonly (readonly [at: string, close: string, interval: 'quote' | '1d'])[]) =>
  withWorker(app.database.worker, async (tx) =>
    storePrices(
      tx,
      rows.map(([at, close, interval]) => ({
        listingId,
        source: 'yahoo',
        at: Temporal.Instant.from(at),
        interval,
        close,
        open: null,
        high: null,
        low: null,
        volume: null,
        currency: 'GBP',
      })),
    ),
  );
const closes = async () => {
  const { items } = await app.admin.expect(200, 'GET /api/instruments/:id/prices', {
    params: { id: instrumentId },
  });
  return items.map((one) => one.close).toSorted();
};

describe('prices with the years', () => {
  it('keep the last quote of a day once they are old, and every bar', async () => {
    await store([
      ['2026-08-03T09:00:00Z', '1', 'quote'],
      ['2026-08-03T12:00:00Z', '2', 'quote'],
      ['2026-08-03T15:30:00Z', '3', '1d'],
      ['2026-08-04T09:00:00Z', '4', 'quote'],
      ['2026-11-19T09:00:00Z', '5', 'quote'],
      ['2026-11-19T10:00:00Z', '6', 'quote'],
    ]);
    expect(await tidyPrices(app.database.worker, NOW, { intradayDays: 0 })).toMatchObject({ thinned: 0 });
    expect(await tidyPrices(app.database.worker, NOW, { intradayDays: 90 })).toMatchObject({ thinned: 1 });
    expect(await closes()).toEqual(['2', '3', '4', '5', '6']);
    expect(await tidyPrices(app.database.worker, NOW, { intradayDays: 90 })).toEqual({
      months: 0,
      thinned: 0,
    });
  });

  it('reach further back only when told to', async () => {
    await store([
      ['2020-03-02T09:00:00Z', '7', 'quote'],
      ['2020-03-02T10:00:00Z', '8', 'quote'],
    ]);
    const nightly = await tidyPrices(app.database.worker, NOW, { intradayDays: 90 });
    const all = await tidyPrices(app.database.worker, NOW, { intradayDays: 90, everything: true });
    expect([nightly.thinned, all.thinned]).toEqual([0, 1]);
  });

  it('can be taken out by the month and put back', async () => {
    const march = Temporal.PlainDate.from('2020-03-01');
    expect(await closes()).toContain('8');
    expect(await movePrices(app.database.worker, 'detach', march)).toBe(true);
    expect(await closes()).not.toContain('8');
    expect(await movePrices(app.database.worker, 'detach', march)).toBe(false);
    expect(await movePrices(app.database.worker, 'attach', march)).toBe(true);
    expect(await closes()).toContain('8');
    const present = dayOf(Temporal.Now.instant());
    await expect(movePrices(app.database.worker, 'detach', present)).rejects.toThrow('last twelve months');
    const { rows } = await sql<{ latest: string }>`
      select trim_scale(close)::text as latest from pm.latest_prices where kind = 'live'`.execute(
      app.database.owner,
    );
    expect(rows).toEqual([{ latest: '6' }]);
  });
});

const dayOf = (instant: Temporal.Instant): Temporal.PlainDate =>
  instant.toZonedDateTimeISO('UTC').toPlainDate();
