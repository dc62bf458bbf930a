import { Trans } from '@lingui/react/macro';
import { Tag } from '../../ui/coverage.tsx';
import type { Portfolio } from './queries.ts';

/** Says of a portfolio that is not real what it is. */
export const KindTag = ({ of }: { of: Pick<Portfolio, 'type'> }) => {
  if (of.type === 'actual') return null;
  return <Tag>{of.type === 'draft' ? <Trans>draft</Trans> : <Trans>model</Trans>}</Tag>;
};
