import { useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import type { Division, Picture } from './view.ts';

type DivisionWords = {
  readonly one: string;
  readonly many: string;
  /** Title of a picture that divides the whole by it. */
  readonly shares: string;
};

/** The names of divisions and pictures in the person's language. */
export const useWords = () => {
  const { t } = useLingui();
  return useMemo(
    () => ({
      divisions: {
        company: { one: t`Company`, many: t`Companies`, shares: t`Share by company` },
        issuer: { one: t`Issuer`, many: t`Issuers`, shares: t`Share by issuer` },
        sector: { one: t`Sector`, many: t`Sectors`, shares: t`Share by sector` },
        industry: { one: t`Industry`, many: t`Industries`, shares: t`Share by industry` },
        country: { one: t`Country`, many: t`Countries`, shares: t`Share by country` },
        region: { one: t`Region`, many: t`Regions`, shares: t`Share by region` },
        currency: { one: t`Currency`, many: t`Currencies`, shares: t`Share by currency` },
        assetClass: { one: t`Asset class`, many: t`Asset classes`, shares: t`Share by asset class` },
      } satisfies Record<Division, DivisionWords>,
      nested: {
        company: t`Largest companies`,
        issuer: t`Largest issuers and their securities`,
        sector: t`Largest companies by sector`,
        industry: t`Largest companies by industry`,
        country: t`Largest companies by country`,
        region: t`Largest companies by region`,
        currency: t`Largest companies by currency`,
        assetClass: t`Largest companies by asset class`,
      } satisfies Record<Division, string>,
      pictures: {
        bars: t`Bars`,
        treemap: t`Treemap`,
        sunburst: t`Sunburst`,
        map: t`Map`,
      } satisfies Record<Picture, string>,
    }),
    [t],
  );
};
