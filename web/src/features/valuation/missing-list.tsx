import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../lib/preferences.tsx';

type Missing = { readonly holdingId: string; readonly name: string; readonly detail: string };

/** Why, with the holding's name leading to it; a reason that does not name it follows the name. */
const Reason = ({ one }: { one: Missing }) => {
  const at = one.detail.indexOf(one.name);
  const link = (
    <Link to="/holdings/$holdingId" params={{ holdingId: one.holdingId }}>
      {one.name}
    </Link>
  );
  if (at < 0 || one.name === '') {
    return (
      <>
        {link}: {one.detail}
      </>
    );
  }
  return (
    <>
      {one.detail.slice(0, at)}
      {link}
      {one.detail.slice(at + one.name.length)}
    </>
  );
};

const Reasons = ({ missing }: { missing: readonly Missing[] }) => (
  <ul>
    {missing.map((one) => (
      <li key={one.holdingId}>
        <Reason one={one} />
      </li>
    ))}
  </ul>
);

/** More would push what the page is about out of sight. */
const SHOWN = 5;

/** Holdings whose value is not known, each with the reason and the way out. */
export const MissingList = ({ missing }: { missing: readonly Missing[] }) => {
  const format = useFormat();
  if (missing.length === 0) return null;
  const more = missing.slice(SHOWN);
  return (
    <>
      <Reasons missing={missing.slice(0, SHOWN)} />
      {more.length > 0 && (
        <details>
          <summary>
            <Trans>And {format.count(more.length)} more</Trans>
          </summary>
          <Reasons missing={more} />
        </details>
      )}
    </>
  );
};
