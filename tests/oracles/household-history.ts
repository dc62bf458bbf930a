// Random lives of a household from a seed: what a person does to its ledger, and the legs that must come of it.

import type { Fraction } from './fraction.ts';
import { Fraction as F, ZERO } from './fraction.ts';
import { random } from './history.ts';
import type { Leg, Outcome } from './household.ts';
import { money, replayHousehold } from './household.ts';

/** A place in the household. `base` is its portfolio's currency. */
export interface Place {
  name: string;
  portfolio: string;
  account: string;
  instrument: string;
  currency: string;
  base: string;
  isCash: boolean;
}

const place = (portfolio: string, account: string, instrument: string): Place => ({
  name: `${portfolio} ${account} ${instrument}`,
  portfolio,
  account,
  instrument,
  currency: instrument.endsWith('USD') ? 'USD' : 'GBP',
  base: portfolio === 'pounds' ? 'GBP' : 'USD',
  isCash: instrument.startsWith('cash'),
});

/** Two portfolios, of pounds and of dollars, each with funds and cash in both; one has a second account. */
export const PLACES: readonly Place[] = [
  ...['fund GBP', 'fund USD', 'cash GBP', 'cash USD'].map((what) => place('pounds', 'ISA', what)),
  ...['fund GBP', 'cash GBP'].map((what) => place('pounds', 'SIPP', what)),
  ...['fund GBP', 'fund USD', 'cash GBP', 'cash USD'].map((what) => place('dollars', 'ISA', what)),
];

/** What is recorded of an event: the body of the request, with places instead of ids. */
export interface Body {
  type: string;
  date: string;
  qty?: string;
  price?: string;
  amount?: string;
  fees?: string;
  taxes?: string;
  fxRate?: string;
  numerator?: number;
  denominator?: number;
  cost?: string;
  /** Of what a transfer from elsewhere has cost. */
  currency?: string;
  arrives?: string;
  to?: string;
  settle?: { cash: string; overdraw: boolean };
  reinvest?: { qty: string; price: string; fees?: string };
}

/** Something recorded. `seqs` keeps the order of recording of its legs, which corrections do not change. */
export interface Event {
  key: number;
  place: string;
  body: Body;
  seqs: Map<string, number>;
}

export type Act =
  | { kind: 'record'; place: string; body: Body }
  | { kind: 'change'; event: Event; body: Body }
  | { kind: 'delete'; event: Event }
  | { kind: 'restore'; event: Event }
  | { kind: 'away and back'; place: string };

type Dice = ReturnType<typeof random>;
const pick = <T>(dice: Dice, all: readonly T[]): T => all[dice(all.length)] as T;
const placeOf = (name: string): Place => PLACES.find((one) => one.name === name) as Place;

function decimal(dice: Dice, wholeBelow: number, placesMax: number): string {
  const digits = Array.from({ length: dice(placesMax + 1) }, () => String(dice(10))).join('');
  const whole = dice(wholeBelow);
  return digits === '' ? String(whole + 1) : `${whole}.${digits.slice(0, -1)}${dice(9) + 1}`;
}

const DAYS = 20;
const dayOf = (at: number): string => Temporal.PlainDate.from('2022-03-01').add({ days: at }).toString();
const someDay = (dice: Dice): string => dayOf(dice(DAYS));

/** A quantity to take out: a part of what is held, all of it, or now and then more. */
function taking(dice: Dice, held: Fraction): string {
  const roll = dice(12);
  if (held.isNegative() || held.isZero() || roll === 0) return decimal(dice, 500, 3);
  if (roll < 3) return held.toDecimal(18);
  const part = held.times(new F(BigInt(dice(60) + 1), 100n)).round(4);
  return part.isZero() ? '0.0001' : part.toDecimal(4);
}

const FUND_TYPES = [
  'buy',
  'buy',
  'buy',
  'buy',
  'sell',
  'sell',
  'sell',
  'dividend',
  'dividend',
  'fee',
  'tax',
  'split',
  'split',
  'transfer_out',
  'transfer_out',
  'transfer_in',
  'opening',
];
const CASH_TYPES = [
  'deposit',
  'deposit',
  'deposit',
  'withdrawal',
  'interest',
  'fee',
  'tax',
  'transfer_out',
  'transfer_in',
];
const SPLITS = [
  [2, 1],
  [3, 2],
  [1, 2],
  [5, 3],
  [1, 10],
  [10, 1],
] as const;

/** The household while it lives. */
export class Household {
  readonly #dice: Dice;
  readonly events: Event[] = [];
  readonly deleted: Event[] = [];
  #next = 1;
  #seq = 1;
  now: Outcome & { ok: true } = { ok: true, holdings: new Map() };

  constructor(seed: number) {
    this.#dice = random(seed);
  }

  held(name: string): Fraction {
    return this.now.holdings.get(name)?.qty ?? ZERO;
  }

  /** What the person does next. */
  propose(): Act {
    const dice = this.#dice;
    const roll = dice(100);
    if (this.events.length > 3 && roll < 14) return { kind: 'delete', event: pick(dice, this.events) };
    if (this.events.length > 3 && roll < 36) {
      const event = pick(dice, this.events);
      return { kind: 'change', event, body: this.#corrected(event) };
    }
    if (this.deleted.length > 0 && roll < 42) return { kind: 'restore', event: pick(dice, this.deleted) };
    if (roll < 44) return { kind: 'away and back', place: pick(dice, PLACES).name };
    const at = pick(dice, PLACES);
    return { kind: 'record', place: at.name, body: this.#body(at, someDay(dice)) };
  }

  /** Several records at once, each on a day of its own, so that their order does not matter. */
  proposeTogether(count: number): { place: string; body: Body }[] {
    const first = this.#dice(DAYS);
    return Array.from({ length: count }, (_, at) => {
      const where = pick(this.#dice, PLACES);
      const body = this.#body(where, dayOf(DAYS + 1 + ((first + at) % DAYS)));
      delete body.arrives;
      return { place: where.name, body: body.type === 'opening' ? { ...body, type: 'buy' } : body };
    });
  }

  #body(at: Place, date: string): Body {
    const dice = this.#dice;
    const type = pick(dice, at.isCash ? CASH_TYPES : FUND_TYPES);
    const isOpened = this.events.some((one) => one.place === at.name && one.body.type === 'opening');
    const body: Body = { type: type === 'opening' && isOpened ? 'buy' : type, date };
    if (type !== 'split' && type !== 'transfer_out' && at.currency !== at.base) {
      body.fxRate = decimal(dice, 2, 6);
    }
    this.#fill(body, at);
    if (['buy', 'sell', 'dividend', 'interest', 'fee', 'tax'].includes(body.type) && dice(3) > 0) {
      body.settle = this.#settlement(at);
    }
    return body;
  }

  #fill(body: Body, at: Place): void {
    const dice = this.#dice;
    const charge = (): Partial<Body> => ({
      ...(dice(3) === 0 && { fees: decimal(dice, 9, 2) }),
      ...(dice(4) === 0 && { taxes: decimal(dice, 5, 4) }),
    });
    switch (body.type) {
      case 'buy':
      case 'opening':
        Object.assign(body, { qty: decimal(dice, 300, 6), price: decimal(dice, 90, 4), ...charge() });
        break;
      case 'sell':
        Object.assign(body, {
          qty: taking(dice, this.held(at.name)),
          price: decimal(dice, 90, 4),
          ...charge(),
        });
        break;
      case 'dividend':
        Object.assign(body, { amount: decimal(dice, 90, 4), ...charge() });
        if (dice(3) === 0) body.reinvest = { qty: decimal(dice, 5, 5), price: decimal(dice, 20, 3) };
        break;
      case 'interest':
        Object.assign(body, { amount: decimal(dice, 9, 2), ...charge() });
        break;
      case 'fee':
      case 'tax':
        body.amount = decimal(dice, 9, 2);
        break;
      case 'split': {
        const [numerator, denominator] = pick(dice, SPLITS);
        Object.assign(body, { numerator, denominator });
        break;
      }
      case 'deposit':
        body.amount = decimal(dice, 9000, 2);
        break;
      case 'withdrawal':
        body.amount = taking(dice, this.held(at.name));
        break;
      case 'transfer_in':
        Object.assign(body, {
          qty: decimal(dice, 100, 4),
          cost: decimal(dice, 2000, 2),
          currency: at.currency,
        });
        break;
      default:
        this.#fillTransfer(body, at);
    }
  }

  #fillTransfer(body: Body, at: Place): void {
    const dice = this.#dice;
    body.qty = taking(dice, this.held(at.name));
    const targets = PLACES.filter((one) => one.instrument === at.instrument && one.name !== at.name);
    if (targets.length === 0 || dice(6) === 0) return;
    const to = pick(dice, targets);
    body.to = to.name;
    if (to.base !== at.base) body.fxRate = decimal(dice, 2, 6);
    if (dice(3) === 0) {
      body.arrives = Temporal.PlainDate.from(body.date)
        .add({ days: dice(9) })
        .toString();
    }
  }

  /** Cash of the portfolio in the trade's currency or in the portfolio's. */
  #settlement(at: Place): { cash: string; overdraw: boolean } {
    const isFit = (one: Place): boolean =>
      one.isCash &&
      one.portfolio === at.portfolio &&
      (one.currency === at.currency || one.currency === at.base);
    const cash = at.isCash && this.#dice(2) === 0 ? at : pick(this.#dice, PLACES.filter(isFit));
    return { cash: cash.name, overdraw: this.#dice(4) === 0 };
  }

  /** The event with another day, other figures, or other cash. */
  #corrected(event: Event): Body {
    const dice = this.#dice;
    const body: Body = { ...event.body };
    const at = placeOf(event.place);
    if (dice(2) === 0) {
      body.date = someDay(dice);
      if (body.arrives !== undefined) {
        body.arrives = Temporal.PlainDate.from(body.date)
          .add({ days: dice(9) })
          .toString();
      }
    }
    if (dice(2) === 0) {
      const { to, arrives, settle, reinvest, fxRate } = body;
      const fresh: Body = { type: body.type, date: body.date };
      if (to === undefined) this.#fill(fresh, at);
      else fresh.qty = taking(dice, this.held(at.name));
      if (body.type === 'transfer_out') delete fresh.to;
      const kept = { to, arrives, settle, fxRate, ...(reinvest !== undefined && { reinvest }) };
      Object.assign(
        body,
        fresh,
        Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
      );
      if (to === undefined) {
        delete body.arrives;
        if (body.type === 'transfer_out') delete body.fxRate;
      }
      if (reinvest === undefined) delete body.reinvest;
    }
    if (['buy', 'sell', 'dividend', 'interest', 'fee', 'tax'].includes(body.type) && dice(3) === 0) {
      if (body.settle !== undefined && dice(2) === 0) delete body.settle;
      else body.settle = this.#settlement(at);
    }
    return body;
  }

  /** The event as it would be recorded now, with numbers of its own. */
  draft(name: string, body: Body): Event {
    const event: Event = { key: this.#next++, place: name, body, seqs: new Map() };
    this.legsOf(event);
    return event;
  }

  /** Events that were recorded at once, their legs numbered in the order of `order`. */
  draftTogether(all: readonly { place: string; body: Body; order: readonly number[] }[]): Event[] {
    const drafts = all.map(({ place: name, body }) => this.draft(name, body));
    const legs = drafts.flatMap((event, at) =>
      [...event.seqs.keys()].map((name, leg) => ({ event, name, order: all[at]?.order[leg] ?? 0 })),
    );
    for (const { event, name } of legs.toSorted((a, b) => a.order - b.order)) {
      event.seqs.set(name, this.#seq++);
    }
    return drafts;
  }

  /** The event with another body: legs that stay keep their numbers, others get new ones. */
  redraft(event: Event, body: Body): Event {
    const after: Event = { ...event, body, seqs: new Map(event.seqs) };
    const names = this.legsOf(after).map((leg, index) => legName(leg, index));
    for (const name of after.seqs.keys()) if (!names.includes(name)) after.seqs.delete(name);
    return after;
  }

  /** The legs of an event. */
  legsOf(event: Event): Leg[] {
    const { body, key } = event;
    const at = placeOf(event.place);
    const facts = { event: key, date: body.date, ...(body.fxRate !== undefined && { rate: body.fxRate }) };
    const legs: Omit<Leg, 'seq'>[] = [primary(body, at, facts)];
    if (body.reinvest !== undefined) legs.push({ ...facts, ...body.reinvest, holding: at.name, type: 'buy' });
    if (body.to !== undefined) {
      const date = body.arrives ?? body.date;
      legs.push({
        ...facts,
        date,
        holding: body.to,
        type: 'transfer_in',
        ...(body.qty && { qty: body.qty }),
      });
    }
    if (body.settle !== undefined) legs.push(...settlement(legs, at, body.settle, facts));
    return legs.map((leg, index) => {
      const name = legName({ ...leg, seq: 0 }, index);
      const seq = event.seqs.get(name) ?? this.#seq++;
      event.seqs.set(name, seq);
      return { ...leg, seq };
    });
  }

  /** What comes of the household with other events. */
  with(events: readonly Event[]): Outcome {
    return replayHousehold(events.flatMap((event) => this.legsOf(event)));
  }

  /** The household from now on. */
  become(events: readonly Event[], deleted: readonly Event[] = this.deleted): void {
    const outcome = this.with(events);
    if (!outcome.ok) throw new Error('a household cannot become what it refuses');
    this.now = outcome;
    const [alive, gone] = [[...events], [...deleted]];
    this.events.splice(0, this.events.length, ...alive);
    this.deleted.splice(0, this.deleted.length, ...gone);
  }
}

/** What a correction keeps a leg by: its place in the event, its holding and its type. */
function legName(leg: Leg, index: number): string {
  return `${index === 0 ? 'first' : ''} ${leg.type} ${leg.holding}`;
}

function primary(
  body: Body,
  at: Place,
  facts: { event: number; date: string; rate?: string },
): Omit<Leg, 'seq'> {
  const { type, qty, price, fees, taxes } = body;
  const isMoney = type === 'deposit' || type === 'withdrawal';
  const amount = type === 'transfer_in' ? body.cost : isMoney ? undefined : body.amount;
  const units = isMoney ? body.amount : qty;
  return {
    ...facts,
    holding: at.name,
    type,
    ...(units !== undefined && { qty: units }),
    ...(price !== undefined && { price }),
    ...(amount !== undefined && { amount }),
    ...(fees !== undefined && { fees }),
    ...(taxes !== undefined && { taxes }),
    ...(body.numerator !== undefined && { splitTo: body.numerator }),
    ...(body.denominator !== undefined && { splitFrom: body.denominator }),
    ...(type === 'transfer_in' && { fromElsewhere: true }),
    ...(type === 'transfer_out' && { rate: '1' }),
  };
}

const BRINGS = new Set(['sell', 'dividend', 'interest']);

/** The cash leg: what the others bring or cost, in the trade's currency or in the portfolio's. */
function settlement(
  legs: readonly Omit<Leg, 'seq'>[],
  at: Place,
  settle: { cash: string; overdraw: boolean },
  facts: { event: number; date: string; rate?: string },
): Omit<Leg, 'seq'>[] {
  const cash = placeOf(settle.cash);
  const isOwn = cash.currency === at.currency;
  let net = ZERO;
  for (const leg of legs) {
    const { rate: _rate, ...own } = leg;
    const gross = F.of(
      own.amount ??
        F.of(own.qty ?? '0')
          .times(F.of(own.price ?? '0'))
          .toDecimal(40),
    );
    const charges = F.of(own.fees ?? '0').plus(F.of(own.taxes ?? '0'));
    const exact = BRINGS.has(leg.type) ? gross.minus(charges) : ZERO.minus(gross.plus(charges));
    const ours = money({ ...leg, seq: 0 }).total;
    net = net.plus(isOwn ? exact : BRINGS.has(leg.type) ? ours : ZERO.minus(ours));
  }
  net = net.round(18, 'half-even');
  if (net.isZero()) return [];
  const isPaid = net.isNegative();
  return [
    {
      event: facts.event,
      date: facts.date,
      holding: cash.name,
      type: isPaid ? 'sell' : 'buy',
      qty: (isPaid ? ZERO.minus(net) : net).toDecimal(18),
      price: '1',
      ...(isOwn && facts.rate !== undefined && { rate: facts.rate }),
      overdraw: isPaid && settle.overdraw,
    },
  ];
}
