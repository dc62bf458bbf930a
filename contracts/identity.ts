import Type from 'typebox';
import { Closed, Instant, Literals, Nullable, Page, pageQuery, Uuid, Version, IdParams } from './common.ts';
import { defineRoutes } from './route.ts';

export const ExpertiseLevel = Literals(['beginner', 'intermediate', 'advanced']);
export const Role = Literals(['admin', 'member']);

export const Preferences = Closed({
  currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
  theme: Type.Optional(Literals(['light', 'dark', 'system'])),
  notifications: Type.Optional(
    Closed({
      email: Type.Optional(Type.Boolean()),
      push: Type.Optional(Type.Boolean()),
      digest: Type.Optional(Literals(['off', 'daily', 'weekly'])),
    }),
  ),
  research: Type.Optional(
    Closed({
      preferredSources: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })),
      excludedSources: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })),
    }),
  ),
});

export const User = Closed({
  id: Uuid,
  email: Type.String(),
  name: Nullable(Type.String()),
  role: Role,
  locale: Type.String(),
  timezone: Type.String(),
  expertiseLevel: ExpertiseLevel,
  preferences: Preferences,
  createdAt: Instant,
  lastLoginAt: Nullable(Instant),
  version: Version,
});

const Email = Type.String({ format: 'email', maxLength: 255 });
const Password = Type.String({
  minLength: 8,
  maxLength: 200,
  description: 'At least 8 characters, at most 72 bytes',
});

export const Credentials = Closed({ email: Email, password: Type.String({ minLength: 1, maxLength: 200 }) });
export const Registration = Closed({
  email: Email,
  password: Password,
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  locale: Type.Optional(Type.String({ maxLength: 10 })),
  timezone: Type.Optional(Type.String({ maxLength: 50 })),
});
export const SignedIn = Closed({
  token: Type.String({ description: 'Access token for `Authorization: Bearer`, valid for 15 minutes' }),
  expiresAt: Instant,
  refreshToken: Type.Optional(Type.String({ description: 'Only when asked for with ?refreshToken=body' })),
  user: User,
});
const SignInQuery = Closed({
  refreshToken: Type.Optional(
    Literals(['cookie', 'body'], { description: 'Scripts that keep no cookies ask for body' }),
  ),
});

export const ProfilePatch = Closed({
  name: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 255 }))),
  locale: Type.Optional(Type.String({ minLength: 2, maxLength: 10 })),
  timezone: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
  expertiseLevel: Type.Optional(ExpertiseLevel),
  preferences: Type.Optional(
    Closed({
      ...Preferences.properties,
      currency: Type.Optional(
        Nullable(
          Type.String({
            pattern: '^[A-Z]{3}$',
            description: 'Of all portfolios together, and of new ones that name none; null forgets it',
          }),
        ),
      ),
    }),
  ),
});

export const Session = Closed({
  id: Uuid,
  current: Type.Boolean(),
  userAgent: Nullable(Type.String()),
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant,
});

export const AccessToken = Closed({
  id: Uuid,
  name: Type.String(),
  createdAt: Instant,
  lastUsedAt: Nullable(Instant),
  expiresAt: Nullable(Instant),
});

const tags = ['identity'];

export const identityRoutes = defineRoutes({
  'POST /api/auth/register': {
    summary: 'Create an account; the first one administers the install',
    tags,
    auth: 'none',
    noIdempotency: true,
    query: SignInQuery,
    body: Registration,
    response: { 201: SignedIn },
  },
  'POST /api/auth/login': {
    summary: 'Sign in',
    tags,
    auth: 'none',
    noIdempotency: true,
    query: SignInQuery,
    body: Credentials,
    response: { 200: SignedIn },
  },
  'POST /api/auth/refresh': {
    summary: 'Exchange the refresh token (cookie, or body for scripts) for a new pair',
    tags,
    auth: 'none',
    noIdempotency: true,
    query: SignInQuery,
    body: Type.Optional(Closed({ refreshToken: Type.Optional(Type.String({ maxLength: 200 })) })),
    response: { 200: SignedIn },
  },
  'POST /api/auth/logout': {
    summary: 'End this session',
    tags,
    auth: 'none',
    noIdempotency: true,
    body: Type.Optional(Closed({ refreshToken: Type.Optional(Type.String({ maxLength: 200 })) })),
    response: { 204: null },
  },
  'GET /api/auth/options': {
    summary: 'Whether an account can be created here',
    tags,
    auth: 'none',
    response: { 200: Closed({ registrationOpen: Type.Boolean() }) },
  },
  'GET /api/me': { summary: 'Your account', tags, auth: 'user', response: { 200: User } },
  'PATCH /api/me': {
    summary: 'Change your name, locale, time zone, expertise level or preferences',
    tags,
    auth: 'user',
    ifMatch: true,
    body: ProfilePatch,
    response: { 200: User },
  },
  'GET /api/me/sessions': {
    summary: 'Where you are signed in',
    tags,
    auth: 'user',
    query: Closed(pageQuery),
    response: { 200: Page(Session) },
  },
  'DELETE /api/me/sessions/:id': {
    summary: 'Sign that session out',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 204: null },
  },
  'GET /api/me/tokens': {
    summary: 'Personal access tokens',
    tags,
    auth: 'user',
    query: Closed(pageQuery),
    response: { 200: Page(AccessToken) },
  },
  'POST /api/me/tokens': {
    summary: 'Make a personal access token; it is shown once',
    tags,
    auth: 'user',
    noIdempotency: true,
    body: Closed({
      name: Type.String({ minLength: 1, maxLength: 100 }),
      expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
    }),
    response: { 201: Closed({ ...AccessToken.properties, token: Type.String() }) },
  },
  'DELETE /api/me/tokens/:id': {
    summary: 'Revoke a personal access token',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 204: null },
  },
});
