/**
 * Random lives of a household, recorded through the API – every type of trade, with and without cash, between accounts and
 * portfolios with days on the way, back and forth in time, corrected, deleted, restored, several at once, proposed by plans
 * and confirmed, brought by statements and taken back with them – and judged after each step by the
 * oracle, which replays everything in fractions: the same is accepted and refused, and quantity, cost, cash and totals
 * agree to the last place. `npm run model -- --steps 100000` runs it for longer.
 */
import { deepStrictEqual } from 'node:assert/strict';

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { verifyLedger } from '../../server/src/entry/commands/verify.ts';
import type { BodyOf } from '../../server/src/platform/http/index.ts';
import { Household, PLACES } from '../oracles/household-history.ts';
import type { Act, Body, Event } from '../oracles/household-history.ts';
import { emptyHeld } from '../oracles/household.ts';
import { createTestApp } from '../support/app.ts';
import type { TestApp, TestPerson } from '../support/app.ts';

const STEPS = Number(process.env['PM_LEDGER_STEPS'] ?? '600');
const SEED = Number(process.env['PM_LEDGER_SEED'] ?? '1');
/** Steps of one life. Longer ones only make each replay slower. */
const LIFE = 60;
const TOGETHER = 5;
const MS_PER_STEP = 200;

let app: TestApp;
let anna: TestPerson;
const instruments = new Map<string, string>();

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  for (const name of new Set(PLACES.map((one) => one.instrument))) {
    const type = name.startsWith('cash') ? 'Cash' : 'ETF';
    const body = { type, name, ticker: name.replace(' ', ''), currency: name.slice(-3) } as const;
    instruments.set(name, (await anna.expect(201, 'POST /api/instruments', { body })).id);
  }
});
afterAll(async () => app.close());

/** What the API did of an event. */
type Done = { readonly tradeId: string; readonly deletionId?: string };

class Life {
  readonly household: Household;
  readonly holdings = new Map<string, string>();
  readonly portfolios = new Map<string, string>();
  /** What statements brought that were not taken back, the newest last. */
  readonly statements: { readonly importId: string; readonly keys: readonly number[] }[] = [];
  readonly done = new Map<number, Done>();
  accepted = 0;
  refused = 0;

  constructor(seed: number) {
    this.household = new Household(seed);
  }

  async begin(): Promise<void> {
    for (const [name, currency] of [
      ['pounds', 'GBP'],
      ['dollars', 'USD'],
    ] as const) {
      const { id } = await anna.expect(201, 'POST /api/portfolios', {
        body: { name, settings: { currency } },
      });
      this.portfolios.set(name, id);
      for (const place of PLACES.filter((one) => one.portfolio === name)) {
        const made = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
          params: { id },
          body: {
            instrumentId: instruments.get(place.instrument) ?? '',
            section: 'Core',
            theme: 'Bonds',
            account: place.account,
          },
        });
        this.holdings.set(place.name, made.id);
      }
    }
  }

  idOf(place: string): string {
    return this.holdings.get(place) ?? '';
  }

  /** The body of a request, with ids for places. */
  sent({ to, settle, ...body }: Body): BodyOf<'POST /api/holdings/:id/trades'> {
    return {
      ...body,
      ...(to !== undefined && { to: { holdingId: this.idOf(to) } }),
      ...(settle !== undefined && {
        settle: { holdingId: this.idOf(settle.cash), overdraw: settle.overdraw },
      }),
    } as BodyOf<'POST /api/holdings/:id/trades'>;
  }

  /** A correction that says everything. */
  patch(before: Body, body: Body): BodyOf<'PATCH /api/trades/:id'> {
    const { type: _type, to: _to, currency: _currency, settle, fxRate: _rate, reinvest, ...rest } = body;
    const cash = settle && { holdingId: this.idOf(settle.cash), overdraw: settle.overdraw };
    return {
      ...rest,
      ...(before.settle !== undefined || settle !== undefined ? { settle: cash ?? null } : {}),
      ...(reinvest !== undefined && { reinvest }),
    };
  }

  /** Compares what the API did with what the oracle says of the household with these events. */
  judge(act: string, status: number, payload: string, events: readonly Event[], refusal: string): boolean {
    const outcome = this.household.with(events);
    const code = status < 300 ? 'accepted' : (JSON.parse(payload) as { code: string }).code;
    deepStrictEqual([act, code, payload], [act, outcome.ok ? 'accepted' : refusal, payload]);
    if (outcome.ok) this.accepted += 1;
    else this.refused += 1;
    return outcome.ok;
  }

  async record(place: string, body: Body): Promise<void> {
    const event = this.household.draft(place, body);
    const params = { id: this.idOf(place) };
    const answer = await anna.call('POST /api/holdings/:id/trades', { params, body: this.sent(body) });
    const events = [...this.household.events, event];
    const what = `record ${JSON.stringify(body)} at ${place}`;
    if (!this.judge(what, answer.statusCode, answer.payload, events, 'oversold')) return;
    this.done.set(event.key, { tradeId: answer.json<{ id: string }>().id });
    this.household.become(events);
  }

  async change(event: Event, body: Body): Promise<void> {
    const after = this.household.redraft(event, body);
    const id = this.done.get(event.key)?.tradeId ?? '';
    const answer = await anna.call('PATCH /api/trades/:id', {
      params: { id },
      body: this.patch(event.body, body),
    });
    const events = this.household.events.map((one) => (one === event ? after : one));
    const what = `change ${JSON.stringify([event.body, body])} at ${event.place}`;
    if (this.judge(what, answer.statusCode, answer.payload, events, 'oversold')) {
      this.household.become(events);
    }
  }

  async remove(event: Event): Promise<void> {
    const tradeId = this.done.get(event.key)?.tradeId ?? '';
    const answer = await anna.call('DELETE /api/trades/:id', { params: { id: tradeId } });
    const events = this.household.events.filter((one) => one !== event);
    const what = `delete ${JSON.stringify(event.body)} at ${event.place}`;
    if (!this.judge(what, answer.statusCode, answer.payload, events, 'oversold')) return;
    const { deletionId } = answer.json<{ deletionId: string }>();
    this.done.set(event.key, { tradeId, deletionId });
    this.household.become(events, [...this.household.deleted, event]);
  }

  async restore(event: Event): Promise<void> {
    const id = this.done.get(event.key)?.deletionId ?? '';
    const answer = await anna.call('POST /api/deletions/:id/restore', { params: { id } });
    const events = [...this.household.events, event];
    const what = `restore ${JSON.stringify(event.body)} at ${event.place}`;
    if (!this.judge(what, answer.statusCode, answer.payload, events, 'cannot_restore')) return;
    const { deleted } = this.household;
    this.household.become(
      events,
      deleted.filter((one) => one !== event),
    );
  }

  /** Deletes a holding with all that its events moved, and brings it back. */
  async awayAndBack(place: string): Promise<void> {
    const params = { id: this.idOf(place) };
    const answer = await anna.call('DELETE /api/holdings/:id', { params });
    const isApart = (event: Event) => this.household.legsOf(event).every((leg) => leg.holding !== place);
    const events = this.household.events.filter(isApart);
    const what = `delete holding ${place}`;
    if (!this.judge(what, answer.statusCode, answer.payload, events, 'oversold')) return;
    const { items } = await anna.expect(200, 'GET /api/deletions', { query: { limit: 1 } });
    await anna.expect(200, 'POST /api/deletions/:id/restore', { params: { id: items[0]?.id ?? '' } });
  }

  /** Several at once: whatever was accepted must be all that happened, and must not oversell. */
  async together(): Promise<void> {
    const wanted = this.household.proposeTogether(TOGETHER);
    const answers = await Promise.all(
      wanted.map(async ({ place, body }) =>
        anna.call('POST /api/holdings/:id/trades', {
          params: { id: this.idOf(place) },
          body: this.sent(body),
        }),
      ),
    );
    const made = answers.flatMap((answer, at) => {
      const one = wanted[at];
      if (answer.statusCode === 201 && one) return [{ ...one, answer: answer.json<Recorded>() }];
      deepStrictEqual(
        [JSON.stringify(one), answer.json<{ code: string }>().code],
        [JSON.stringify(one), 'oversold'],
      );
      this.refused += 1;
      return [];
    });
    const seqs = await seqsOf(made.flatMap(({ answer }) => answer.legs.map((leg) => leg.id)));
    // Numbered as the database numbered them, should a correction bring two of them to one day.
    const events = this.household.draftTogether(
      made.map(({ place, body, answer }) => ({
        place,
        body,
        order: answer.legs.map((leg) => seqs.get(leg.id) ?? 0),
      })),
    );
    for (const [at, event] of events.entries()) {
      this.done.set(event.key, { tradeId: made[at]?.answer.id ?? '' });
    }
    this.accepted += events.length;
    this.household.become([...this.household.events, ...events]);
  }

  /** A recurring plan proposes a purchase, which is confirmed at another price and on another day. */
  async plan(at: number): Promise<void> {
    const place = PLAN_PLACES[at % PLAN_PLACES.length] ?? '';
    const params = { id: this.portfolios.get('pounds') ?? '' };
    const today = Temporal.Now.plainDateISO('Europe/London');
    const { id } = await anna.expect(201, 'POST /api/portfolios/:id/plans', {
      params,
      body: {
        name: `Plan ${at}`,
        amount: '50',
        every: 'week',
        day: 1,
        startsOn: today.subtract({ days: 9 }).toString(),
        parts: [{ holdingId: this.idOf(place), percent: 100 }],
      },
    });
    const { items } = await anna.expect(200, 'GET /api/portfolios/:id/proposals', {
      params,
      query: { status: 'open' },
    });
    const date = Temporal.PlainDate.from('2022-03-01')
      .add({ days: at % 20 })
      .toString();
    const bought = { price: `${at}.07`, qty: `${at + 1}.125`, fees: '0.5' };
    const confirmed = await anna.expect(200, 'POST /api/proposals/:id/confirm', {
      params: { id: items.find((one) => one.planId === id)?.id ?? '' },
      body: { date, lines: [{ holdingId: this.idOf(place), ...bought }] },
    });
    await anna.expect(204, 'DELETE /api/plans/:id', { params: { id } });
    const event = this.household.draft(place, { type: 'buy', date, ...bought });
    this.done.set(event.key, { tradeId: confirmed.tradeIds[0] ?? '' });
    this.accepted += 1;
    this.household.become([...this.household.events, event]);
  }

  /** A statement brings two payments into the cash of an account. */
  async statement(at: number): Promise<void> {
    const rows = [
      { date: `2022-03-${String((at % 19) + 1).padStart(2, '0')}`, amount: `${at}.01` },
      { date: '2022-03-20', amount: `${at}.02` },
    ];
    const lines = rows.map(({ date, amount }) => `${date},Deposit,${amount},GBP`);
    const { importId } = await anna.expect(201, 'POST /api/imports/statements', {
      query: { portfolioId: this.portfolios.get('pounds') ?? '', account: 'ISA', fileName: `${at}.csv` },
      body: Buffer.from(`Date,Type,Amount,Currency\n${lines.join('\n')}\n`),
    });
    const stored = await sql<{ id: string }>`
      select id from pm.trades where import_id = ${importId}::uuid order by seq`.execute(app.database.owner);
    const events = rows.map((row) =>
      this.household.draft('pounds ISA cash GBP', { type: 'deposit', ...row }),
    );
    for (const [nth, event] of events.entries()) {
      this.done.set(event.key, { tradeId: stored.rows[nth]?.id ?? '' });
    }
    this.accepted += 1;
    this.statements.push({ importId, keys: events.map(({ key }) => key) });
    this.household.become([...this.household.events, ...events]);
  }

  /** The newest statement is taken back as a whole, or refused where its money was spent. */
  async statementBack(): Promise<void> {
    const last = this.statements.at(-1);
    const events = this.household.events.filter(({ key }) => last?.keys.includes(key) !== true);
    if (last === undefined || events.length === this.household.events.length) return;
    const params = { id: last.importId };
    const answer = await anna.call('POST /api/imports/statements/:id/undo', { params });
    if (!this.judge('take a statement back', answer.statusCode, answer.payload, events, 'oversold')) return;
    this.statements.pop();
    this.household.become(events);
  }

  /** One step: now and then by a plan or a statement, else whatever comes. */
  async step(at: number): Promise<void> {
    if (at % 20 === 6) return this.plan(at);
    if (at % 20 === 13) return this.statement(at);
    if (at % 20 === 18) return this.statementBack();
    return this.act(this.household.propose());
  }

  async act(act: Act): Promise<void> {
    switch (act.kind) {
      case 'record':
        return this.record(act.place, act.body);
      case 'change':
        return this.change(act.event, act.body);
      case 'delete':
        return this.remove(act.event);
      case 'restore':
        return this.restore(act.event);
      case 'away and back':
        return this.awayAndBack(act.place);
    }
  }

  /** Quantity, cost and overdraft of every holding, as stored. */
  async compare(after: string): Promise<void> {
    const stored = await sql<{ id: string; figures: string }>`
      select id, concat_ws(' ', trim_scale(qty), trim_scale(cost_basis), overdraft) as figures
      from pm.holdings where id = any (${[...this.holdings.values()]}::uuid[])`.execute(app.database.owner);
    const byId = new Map(stored.rows.map((row) => [row.id, row.figures]));
    const expected = PLACES.map(({ name }) => {
      const { qty, cost } = this.household.now.holdings.get(name) ?? emptyHeld();
      return `${name}: ${qty.toDecimal(18)} ${cost.toDecimal(18)} ${qty.isNegative() ? 't' : 'f'}`;
    });
    const actual = PLACES.map(({ name }) => `${name}: ${byId.get(this.idOf(name)) ?? 'none'}`);
    deepStrictEqual([after, ...actual], [after, ...expected]);
  }

  /** What the gain of every holding is made of. */
  async compareTotals(): Promise<void> {
    for (const { name } of PLACES) {
      const { gain } = await anna.expect(200, 'GET /api/holdings/:id/gain', {
        params: { id: this.idOf(name) },
      });
      const held = this.household.now.holdings.get(name) ?? emptyHeld();
      const names = [
        'cost',
        'purchases',
        'proceeds',
        'income',
        'fees',
        'taxes',
        'realised',
        'incomeGain',
      ] as const;
      const expected = names.map((one) => `${one} ${held[one].toDecimal(18)}`);
      deepStrictEqual([name, ...names.map((one) => `${one} ${gain[one]}`)], [name, ...expected]);
    }
  }
}

/** Holdings that plans buy. */
const PLAN_PLACES = ['pounds ISA fund GBP', 'pounds SIPP fund GBP'];

type Recorded = { readonly id: string; readonly legs: readonly { readonly id: string }[] };

const seqsOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const found = await sql<{ id: string; seq: string }>`
    select id, seq::text from pm.trades where id = any (${ids}::uuid[])`.execute(app.database.owner);
  return new Map(found.rows.map((row) => [row.id, Number(row.seq)]));
};

it(
  `agrees with the oracle at every one of ${STEPS} steps from seed ${SEED}`,
  async () => {
    const began = performance.now();
    let [steps, lives, accepted, refused] = [0, 0, 0, 0];
    while (steps < STEPS) {
      const seed = SEED + lives;
      const life = new Life(seed);
      await life.begin();
      for (let at = 0; at < LIFE && steps < STEPS;) {
        const where = `seed ${seed}, step ${at}`;
        if (at % 12 === 11) {
          await life.together();
          [at, steps] = [at + TOGETHER, steps + TOGETHER];
        } else {
          await life.step(at);
          [at, steps] = [at + 1, steps + 1];
        }
        await life.compare(where);
      }
      await life.compareTotals();
      lives += 1;
      accepted += life.accepted;
      refused += life.refused;
    }
    const { holdings, trades, differences } = await verifyLedger(app.database);
    expect(differences).toEqual([]);
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stdout.write(
      `ledger model: seeds ${SEED} to ${SEED + lives - 1}, ${steps} steps, ${accepted} accepted, ${refused} refused as they should be, no difference; ` +
        `${holdings} holdings and ${trades} trades verified; ${seconds} s\n`,
    );
    // It did refuse, and it did not refuse everything.
    expect([accepted > steps / 2, refused > steps / 20]).toEqual([true, true]);
  },
  60_000 + STEPS * MS_PER_STEP,
);
