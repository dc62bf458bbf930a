import { Trans } from '@lingui/react/macro';
import { Tag } from '../../ui/coverage.tsx';
import type { Portfolio } from './queries.ts';

/** Whose a portfolio is that is shared with the person; nothing beside their own. */
export const SharedTag = ({ of: { owner, access } }: { of: Pick<Portfolio, 'owner' | 'access'> }) => {
  if (owner === null) return null;
  const name = owner.name ?? owner.email;
  return <Tag>{access === 'view' ? <Trans>{name}, to look at</Trans> : name}</Tag>;
};
