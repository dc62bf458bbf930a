/** Examples of people, their portfolios and what is theirs to take along. */
import type { demoRoutes } from '@pm/contracts/demo';
import type { identityRoutes } from '@pm/contracts/identity';
import type { operationsRoutes } from '@pm/contracts/operations';
import type { portfolioRoutes } from '@pm/contracts/portfolios';
import type { privacyRoutes } from '@pm/contracts/privacy';

import type { Examples } from './example.ts';

export const identityExamples: Examples<keyof typeof identityRoutes> = {
  'POST /api/auth/register': {
    says: 'Dora makes an account; a script keeps the refresh token itself, a browser would get a cookie.',
    query: { refreshToken: 'body' },
    body: {
      email: 'dora@example.test',
      password: 'correct horse battery staple',
      name: 'Dora',
      locale: 'en-GB',
      timezone: 'Europe/London',
    },
  },
  'POST /api/auth/login': {
    says: 'Anna signs in from a script.',
    query: { refreshToken: 'body' },
    body: { email: '{email}', password: '{password}' },
  },
  'POST /api/auth/refresh': {
    says: 'Before its 15 minutes are over, a script exchanges the refresh token; the old one counts no longer.',
    query: { refreshToken: 'body' },
    body: { refreshToken: '{refreshToken}' },
    once: 'alone',
  },
  'POST /api/auth/logout': {
    says: 'A script ends the session of its refresh token.',
    body: { refreshToken: '{refreshToken}' },
    once: 'alone',
  },
  'GET /api/auth/options': { says: 'Anybody may make an account on this install.' },
  'GET /api/me': { says: 'Anna looks at her account.' },
  'PATCH /api/me': {
    says: 'Anna wants totals in pounds and a digest each day.',
    body: { name: 'Anna Alder', preferences: { currency: 'GBP', notifications: { digest: 'daily' } } },
  },
  'GET /api/me/sessions': { says: 'Anna sees that she is signed in twice.' },
  'DELETE /api/me/sessions/:id': {
    says: 'She signs the other session out.',
    params: { id: '{session}' },
    once: true,
  },
  'GET /api/me/tokens': { says: 'Her personal access tokens, without their secrets.' },
  'POST /api/me/tokens': {
    says: 'A token for a script, for thirty days. Its secret is shown this once.',
    body: { name: 'Spreadsheet', expiresInDays: 30 },
  },
  'DELETE /api/me/tokens/:id': {
    says: 'The script is not used any more.',
    params: { id: '{token}' },
    once: true,
  },
};

export const portfolioExamples: Examples<keyof typeof portfolioRoutes> = {
  'GET /api/portfolios': { says: 'Anna’s own portfolios and those shared with her.', query: { limit: 2 } },
  'POST /api/portfolios': {
    says: 'A portfolio in pounds, with lists of her own and a budget for the core of it.',
    body: {
      name: 'Retirement',
      settings: { currency: 'GBP' },
      lists: {
        sections: ['Core', 'Satellite'],
        themes: ['Global Equity', 'Bonds'],
        accounts: ['ISA', 'SIPP'],
        themeSections: { 'Global Equity': 'Core', Bonds: 'Core' },
      },
      budgets: { sections: { Core: { percent: 80 } }, themes: {}, accounts: {} },
    },
  },
  'GET /api/portfolios/:id': {
    says: 'One portfolio with its settings, lists and budgets.',
    params: { id: '{portfolio}' },
  },
  'PATCH /api/portfolios/:id': {
    says: 'It gets another name and a value to aim for. What is not named stays.',
    params: { id: '{portfolio}' },
    body: { name: 'Long term', settings: { targetPortfolioValue: '250000' } },
  },
  'POST /api/portfolios/:id/draft': {
    says: 'A copy to try things out in.',
    params: { id: '{portfolio}' },
    body: { name: 'What if' },
  },
  'POST /api/portfolios/:id/promote': {
    says: 'The draft becomes a real portfolio beside the one that it came from.',
    params: { id: '{draft}' },
    body: { name: 'The new plan' },
  },
  'POST /api/portfolios/:id/lists': {
    says: 'A theme is added to the section Core.',
    params: { id: '{portfolio}' },
    body: { type: 'add', list: 'themes', name: 'Gold', section: 'Core' },
  },
  'DELETE /api/portfolios/:id': {
    says: 'A portfolio goes, and can be brought back for 30 days.',
    params: { id: '{portfolio}' },
    once: 'alone',
  },
  'GET /api/portfolios/:id/accounts': {
    says: 'The accounts, as far as they have been described.',
    params: { id: '{portfolio}' },
  },
  'PATCH /api/accounts/:id': {
    says: 'The account is an ISA of Anna’s at a broker.',
    params: { id: '{account}' },
    body: { wrapper: 'ISA', owner: 'Anna', provider: 'A broker', openedOn: '2015-04-06' },
  },
  'GET /api/portfolios/:id/access': {
    says: 'Ben may look at the portfolio; somebody else has been asked.',
    params: { id: '{portfolio}' },
  },
  'POST /api/portfolios/:id/invitations': {
    says: 'Anna asks Emma to look after the portfolio with her.',
    params: { id: '{portfolio}' },
    body: { email: 'emma@example.test', role: 'edit' },
  },
  'PATCH /api/portfolios/:id/access/:userId': {
    says: 'Ben may write from now on.',
    params: { id: '{portfolio}', userId: '{guest}' },
    body: { role: 'edit' },
  },
  'DELETE /api/portfolios/:id/access/:userId': {
    says: 'Ben sees the portfolio no longer.',
    params: { id: '{portfolio}', userId: '{guest}' },
    once: true,
  },
  'GET /api/invitations': { says: 'Carla has asked Anna to share a portfolio.' },
  'POST /api/invitations/:id/accept': {
    says: 'Anna accepts; Carla’s portfolio stands among hers.',
    params: { id: '{received}' },
    once: true,
  },
  'DELETE /api/invitations/:id': {
    says: 'Anna withdraws an invitation that nobody has answered.',
    params: { id: '{invitation}' },
    once: true,
  },
};

export const demoExamples: Examples<keyof typeof demoRoutes> = {
  'POST /api/demo': { says: 'Somebody new wants to see what there is to see.', by: 'newcomer' },
};

export const privacyExamples: Examples<keyof typeof privacyRoutes> = {
  'GET /api/me/activity': {
    says: 'What changed in one portfolio, the newest first, with what stood there before.',
    query: { portfolioId: '{portfolio}', limit: 2 },
  },
  'POST /api/me/activity/:id/undo': {
    says: 'An act on which nothing newer rests is taken back.',
    params: { id: '{act}' },
    once: true,
  },
  'GET /api/me/erasure': { says: 'What would go with Anna’s account, and who would notice.' },
  'DELETE /api/me': {
    says: 'Anna erases herself; her address is typed once more as a confirmation.',
    body: { email: '{email}', password: '{password}' },
    once: 'alone',
  },
  'GET /api/portfolios/:id/history': {
    says: 'The portfolio as it was recorded at a moment.',
    params: { id: '{portfolio}' },
    query: { at: '{now}' },
    byDatabaseClock: true,
  },
  'GET /api/me/export': { says: 'Everything that is Anna’s, as one ZIP file of JSON and CSV.' },
  'POST /api/imports/archive': {
    says: 'The file that `GET /api/me/export` answered, brought into an account that is still empty.',
    by: 'newcomer',
    body: Buffer.from('{archive}'),
  },
};

/** The number of the schema grows with each release. */
const READY = [{ name: 'database', ok: true, detail: 'Reachable, schema 36.' }];

export const operationsExamples: Examples<keyof typeof operationsRoutes> = {
  'GET /healthz': { says: 'A supervisor asks whether the process is alive.' },
  'GET /readyz': { says: 'A load balancer asks whether the process can serve.', varies: { checks: READY } },
  'GET /api/operations/status': {
    says: 'An administrator looks at how the install is doing.',
    varies: {
      version: '1.4.0',
      database: { kind: 'embedded', version: '18.4', sizeBytes: '48234496' },
      cache: { kind: 'in-process', hitRate: 0.87 },
      pool: { total: 4, idle: 3, waiting: 0 },
      jobs: { waiting: 0, failed: 0 },
      checks: READY,
    },
  },
};
