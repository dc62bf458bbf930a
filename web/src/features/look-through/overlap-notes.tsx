import { Trans } from '@lingui/react/macro';
import { Note } from '../../ui/page.tsx';
import { MissingList } from '../valuation/missing-list.tsx';

type Missing = { readonly holdingId: string; readonly name: string; readonly detail: string };

/** What the figures above leave out or take as given. */
export const LeftOut = ({
  warnings,
  missing = [],
}: {
  warnings: readonly string[];
  missing?: readonly Missing[];
}) => (
  <>
    {missing.length > 0 && (
      <Note tone="warn" title={<Trans>Left out, because their value is not known</Trans>}>
        <MissingList missing={missing} />
      </Note>
    )}
    {warnings.length > 0 && (
      <Note tone="warn">
        <ul>
          {[...new Set(warnings)].map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </Note>
    )}
  </>
);
