/** The moment that a request asks for. Contents: momentAsked */
import { momentOf } from '#features/valuation';
import type { Moment } from '#features/valuation';

type Asked = {
  readonly query: { readonly asOf?: string };
  readonly user: { readonly timezone: string };
  readonly now: Temporal.Instant;
};

/** @throws {AppError} 422 naming `asOf` */
export const momentAsked = ({ query, user, now }: Asked): Moment => momentOf(query.asOf, now, user.timezone);
