/**
 * Sharing a portfolio with others of the install (docs/adr/0013): asked by address, there from the moment it is accepted
 * until it is revoked or left. An owner is never told whether anybody has an address.
 *
 * Contents: readAccess · invite · changeRole · removePerson · listInvitations · acceptInvitation · endInvitation
 */
import { randomUUIDv7 } from 'node:crypto';

import type {
  Invitation,
  InvitationDraft,
  PersonWithAccess,
  PortfolioAccess,
} from '@pm/contracts/portfolios';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { conflict, forbidden, notFound, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { lockPortfolio } from './queries.ts';
import { readPortfolio } from './service.ts';
import * as queries from './sharing-queries.ts';
import type { InvitationRow, PersonRow } from './sharing-queries.ts';

/** People and open invitations of one portfolio together. */
const SHARED_WITH_MAX = 50;

const personAnswer = (row: PersonRow): Static<typeof PersonWithAccess>[] =>
  row.role === 'owner' || row.since === null
    ? []
    : [
        {
          userId: row.user_id,
          name: row.name,
          email: row.email,
          role: row.role,
          since: row.since.toString(),
        },
      ];

const invitationAnswer = (row: InvitationRow): Static<typeof Invitation> => ({
  id: row.id,
  email: row.email,
  role: row.role as Static<typeof Invitation>['role'],
  createdAt: row.created_at.toString(),
  expiresAt: row.expires_at.toString(),
});

/** Who is in a portfolio that the person may see. @throws {AppError} 404 */
export const readAccess = async (tx: Tx, portfolioId: string): Promise<Static<typeof PortfolioAccess>> => {
  const { access } = await readPortfolio(tx, portfolioId);
  const people = await queries.peopleOf(tx, portfolioId);
  const owner = people.find((one) => one.role === 'owner');
  if (!owner) throw notFound('portfolio');
  return {
    portfolioId,
    access,
    owner: { userId: owner.user_id, name: owner.name, email: owner.email },
    people: people.flatMap(personAnswer),
    invitations: (await queries.invitationsFor(tx, portfolioId)).map(invitationAnswer),
  };
};

/** @throws {AppError} 404; 403 `not_owner` */
const requireOwn = async (tx: Tx, portfolioId: string): Promise<void> => {
  const { access } = await readPortfolio(tx, portfolioId);
  if (access !== 'owner') throw forbidden('not_owner', 'Only the owner decides who sees a portfolio.');
  // One at a time: the number of people is limited, and one address is asked once.
  if (!(await lockPortfolio(tx, portfolioId, 'change'))) throw notFound('portfolio');
};

/**
 * Asks somebody by their address. The answer is the same whether or not there is anybody with it.
 * @throws {AppError} 404; 403 `not_owner`; 409 `already_shared`; 422 `own_address`, `too_many_people`
 */
export const invite = async (
  tx: Tx,
  portfolioId: string,
  userId: string,
  draft: Static<typeof InvitationDraft>,
): Promise<Static<typeof Invitation>> => {
  await requireOwn(tx, portfolioId);
  const email = draft.email.trim();
  const people = await queries.peopleOf(tx, portfolioId);
  const there = people.find((one) => one.email.toLowerCase() === email.toLowerCase());
  if (there?.role === 'owner') {
    throw unprocessable('own_address', 'This is your own address; the portfolio is yours already.', 'email');
  }
  if (there) {
    const detail = 'This person has access already; change what they may do instead.';
    throw conflict('already_shared', detail, 'email');
  }
  const pending = await queries.invitationsFor(tx, portfolioId);
  const others = pending.filter((one) => one.email.toLowerCase() !== email.toLowerCase());
  if (people.length - 1 + others.length >= SHARED_WITH_MAX) {
    const detail = `A portfolio is shared with ${SHARED_WITH_MAX} people at most, open invitations included.`;
    throw unprocessable('too_many_people', detail, 'email');
  }
  const row = { id: randomUUIDv7(), userId, portfolioId, email, role: draft.role };
  return invitationAnswer(await queries.insertInvitation(tx, row));
};

const personThere = async (tx: Tx, portfolioId: string, userId: string): Promise<PersonRow> => {
  const person = (await queries.peopleOf(tx, portfolioId)).find((one) => one.user_id === userId);
  if (!person || person.role === 'owner') throw notFound('person with access');
  return person;
};

/** @throws {AppError} 404 for the portfolio or the person; 403 `not_owner` */
export const changeRole = async (
  tx: Tx,
  portfolioId: string,
  userId: string,
  role: Static<typeof PersonWithAccess>['role'],
): Promise<Static<typeof PersonWithAccess>> => {
  await requireOwn(tx, portfolioId);
  const person = await personThere(tx, portfolioId, userId);
  await queries.setRole(tx, portfolioId, userId, role);
  const [answer] = personAnswer({ ...person, role });
  if (!answer) throw notFound('person with access');
  return answer;
};

/**
 * Takes a person's access back; a guest leaves by naming themselves.
 * @throws {AppError} 404 for the portfolio or the person; 403 `not_owner`
 */
export const removePerson = async (
  tx: Tx,
  portfolioId: string,
  userId: string,
  caller: string,
): Promise<void> => {
  if (userId !== caller) await requireOwn(tx, portfolioId);
  await personThere(tx, portfolioId, userId);
  await queries.removeAccess(tx, portfolioId, userId);
};

/** Invitations to the person's own address. @throws {AppError} 400 `bad_cursor` */
export const listInvitations = async (tx: Tx, query: { limit?: number; cursor?: string }) => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const rows = await queries.receivedInvitations(tx, { limit, after: readCursor(query.cursor) });
  const page = pageOf(rows, limit);
  const items = page.items.map((row) => ({
    id: row.id,
    portfolioName: row.portfolio_name,
    owner: { name: row.owner_name, email: row.owner_email },
    role: row.role,
    createdAt: row.created_at.toString(),
    expiresAt: row.expires_at.toString(),
  }));
  return { items, nextCursor: page.nextCursor };
};

/** Takes an invitation; the portfolio is there from now on. @throws {AppError} 404 */
export const acceptInvitation = async (tx: Tx, id: string) => {
  const portfolioId = await queries.acceptInvitation(tx, id);
  if (portfolioId === null) throw notFound('invitation');
  return readPortfolio(tx, portfolioId);
};

/** Turns down an invitation to oneself, or withdraws one that one sent. @throws {AppError} 404 */
export const endInvitation = async (tx: Tx, id: string): Promise<void> => {
  if (await queries.deleteInvitation(tx, id)) return;
  if (!(await queries.declineInvitation(tx, id))) throw notFound('invitation');
};
