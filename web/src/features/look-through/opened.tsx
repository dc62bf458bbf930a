import { getRouteApi } from '@tanstack/react-router';
import { CompanyPaths } from './company-paths.tsx';
import { IssuerSecurities } from './issuer-securities.tsx';
import { useLookInto } from './look-into.ts';
import type { Moment, Scope } from './queries.ts';

const route = getRouteApi('/app/look-through');

type OpenedProps = { readonly scope: Scope; readonly moment: Moment; readonly name: string };

/** What the address has opened over the page: a company's paths, or an issuer's securities. */
export const Opened = ({ scope, moment, name }: OpenedProps) => {
  const { company, issuer } = route.useSearch();
  const lookInto = useLookInto();
  const around = { scope, moment, whole: name };
  return (
    <>
      {issuer !== undefined && company === undefined && (
        <IssuerSecurities
          {...around}
          id={issuer}
          onPick={lookInto.company}
          onClose={() => lookInto.issuer(undefined)}
        />
      )}
      {company !== undefined && (
        <CompanyPaths {...around} id={company} onClose={() => lookInto.company(undefined)} />
      )}
    </>
  );
};
