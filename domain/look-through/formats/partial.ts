import { foldTerm } from '../terms/index.ts';
import type { Totals, Warning } from '../published/index.ts';

/** "Top 10 holdings", "largest positions" and the like, in five languages, folded. */
const TOP_LIST =
  /\b(?:top (?:5|10|15|20|25|50|five|ten|fifteen|twenty)|top (?:holdings?|positions?|positionen|titoli|posiciones|lignes)|(?:10|ten) (?:largest|biggest)|(?:largest|main|principal) (?:10 |ten )?(?:holdings?|positions?)|prim[ei] (?:10|dieci)|principali (?:10 |dieci )?(?:titoli|partecipazioni|posizioni)|(?:10|dieci) (?:principali|maggiori)|maggiori (?:titoli|posizioni)|(?:10|diez) (?:principales|mayores)|(?:principales|mayores) (?:10 |diez )?(?:posiciones|valores|participaciones|inversiones)|(?:10|zehn) gro(?:ss|ß)ten?|gro(?:ss|ß)ten? (?:10 |zehn )?(?:positionen|bestande|titel|wertpapiere)|(?:10|dix) (?:premieres|principales|plus grandes)|(?:premieres|principales) (?:10 |dix )?(?:lignes|positions|valeurs|participations))\b/;

/** Above this a list of the largest holdings is a fund of its own. */
const TOP_LIST_MAX = 50;

/** Names of indices of which each has far more members than a list of the largest. */
const BROAD_INDEX =
  /\b(?:s p (?:400|500|600|1500)|ftse (?:100|250|350|all share|all world|developed|emerging)|nasdaq 100|stoxx (?:europe )?600|stoxx 50|russell (?:1000|2000|3000)|msci (?:world|acwi|emerging markets|em|europe|usa|japan|north america|pacific)|nikkei 225|topix|dax|cac 40|ibex 35|ftse mib|total (?:us |world |international )?(?:stock|bond)(?: market)?|global aggregate)\b/;

/** Parts of an index may have few members. */
const PART_OF_INDEX =
  /\b(?:sector|select|top|energy|utilities|materials|industrials|financials?|banks?|insurance|health|technology|consumer|staples|discretionary|communications?|telecom\w*|real estate|property|oil|swap)\b/;

/** Fewer members than any broad index has. */
const FEW_SECURITIES = 25;

/**
 * Why a file looks like a part of a fund whatever its weights sum to (they may have been scaled to 100 %); null where
 * nothing says so. A heading that says so leaves no doubt; the name of a broad index over a handful of rows is a hint,
 * since a fund may follow an index with a few of its members.
 */
export const partialProblem = (
  totals: Pick<Totals, 'rows' | 'securities' | 'fundsPct'>,
  fundName: string | null,
  headings: readonly string[],
): Warning | null => {
  if (totals.rows > TOP_LIST_MAX) return null;
  const heading = headings.find(
    (text) => text !== fundName && text.length <= 200 && TOP_LIST.test(foldTerm(text)),
  );
  if (heading !== undefined) {
    const message = `The file calls itself "${heading.trim()}" and has ${totals.rows} rows: it is a part of the fund, whatever its weights sum to.`;
    return { code: 'looks_partial', message, field: 'weight' };
  }
  const name = foldTerm(fundName ?? '');
  const few = totals.securities > 0 && totals.securities <= FEW_SECURITIES && Number(totals.fundsPct) < 50;
  if (!few || !BROAD_INDEX.test(name) || PART_OF_INDEX.test(name)) return null;
  const message = `The file has ${totals.rows} rows, far fewer than the index that the fund "${fundName ?? ''}" follows: it may be a part of the fund.`;
  return { code: 'fewer_than_index', message, field: 'weight' };
};
