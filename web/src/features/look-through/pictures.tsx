import { useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Bars, type BarItem } from '../../ui/chart/bars.tsx';
import type { ChartAround, ChartShows } from '../../ui/chart/chart.tsx';
import { Treemap, type TreemapBranch, type TreemapLeaf } from '../../ui/chart/treemap.tsx';
import { Failure, Waiting } from '../../ui/page.tsx';
import { useLookInto, type LookInto } from './look-into.ts';
import classes from './look-through.module.css';
import { PairsTable, WeightsTable } from './picture-tables.tsx';
import {
  companiesQuery,
  crossQuery,
  issuersQuery,
  type Exposure,
  type Moment,
  type Scope,
} from './queries.ts';
import { companyBars, crossedBranches, crossedWeights, filledBranches, isRest } from './slices.ts';
import type { Dimension, Division, Filter, readView } from './view.ts';
import { largest, ranked } from './weights.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/app/look-through');
const Sunburst = lazy(() => import('../../ui/chart/sunburst.tsx'));
const WorldMap = lazy(() => import('../../ui/chart/world-map.tsx'));

export type PictureView = ReturnType<typeof readView>;
type Subject = { readonly scope: Scope; readonly moment: Moment; readonly exposure: Exposure };

const MOST_BARS = 24;

const weightsOf = (exposure: Exposure, dimension: Dimension): Readonly<Record<string, number>> =>
  ({
    sector: exposure.bySector,
    industry: exposure.byIndustry,
    country: exposure.byCountry,
    region: exposure.byRegion,
    currency: exposure.byCurrency,
    assetClass: exposure.byAssetClass,
  })[dimension];

const isDimension = (division: Division): division is Dimension =>
  division !== 'company' && division !== 'issuer';

/** The pair of words that the server is asked to cross for a view; null where it needs none. */
const pairFor = (view: PictureView): readonly [Division, Division] | null => {
  const [only, second] = view.filters;
  const isNested = view.picture === 'treemap' || view.picture === 'sunburst';
  if (second !== undefined) return null;
  if (only !== undefined) {
    const outer = isNested ? view.outer : view.by;
    return isDimension(outer) ? [only.dimension, outer] : null;
  }
  return isNested ? [view.outer, view.inner] : null;
};

/** Everything that a view draws, once it is there. */
const usePieces = ({ scope, moment, exposure }: Subject, view: PictureView) => {
  const pair = pairFor(view);
  const isNested = view.picture === 'treemap' || view.picture === 'sunburst';
  const needsCompanies =
    view.by === 'company' ? !isNested || view.filters.length > 0 : isNested && view.filters.length > 0;
  const needsIssuers = view.by === 'issuer' && !isNested;
  const cross = useQuery({
    ...crossQuery(scope, moment, pair ?? ['region', 'sector']),
    enabled: pair !== null,
  });
  const companies = useInfiniteQuery({
    ...companiesQuery(scope, moment, { filters: view.filters }),
    enabled: needsCompanies,
  });
  const issuers = useQuery({ ...issuersQuery(scope, moment), enabled: needsIssuers });
  const waits =
    (pair !== null && cross.data === undefined) ||
    (needsCompanies && (companies.data === undefined || companies.isPlaceholderData)) ||
    (needsIssuers && issuers.data === undefined);
  const first = companies.data?.pages[0];
  const weights = useMemo(() => {
    if (!isDimension(view.by)) return {};
    const [only] = view.filters;
    if (only === undefined) return weightsOf(exposure, view.by);
    return cross.data ? crossedWeights(cross.data, only.word) : {};
  }, [view, exposure, cross.data]);
  return {
    waits,
    error: cross.error ?? companies.error ?? issuers.error,
    retry: () => {
      for (const one of [cross, companies, issuers]) if (one.isError) void one.refetch();
    },
    cross: cross.data,
    weights,
    issuers: issuers.data?.issuers ?? [],
    companies: first?.items ?? [],
    total: first?.pct ?? 0,
  };
};

type Pieces = ReturnType<typeof usePieces>;

const useBranches = (view: PictureView, pieces: Pieces): TreemapBranch[] => {
  const { t } = useLingui();
  const { cross, companies, total } = pieces;
  return useMemo(() => {
    const [only, second] = view.filters;
    const others = t`Others`;
    if (only !== undefined && second !== undefined) {
      const leaves = companyBars(companies, total, companies.length, others).map(
        ({ id, name, percent, rest }) => ({
          id: id ?? 'rest ',
          name,
          percent,
          rest,
        }),
      );
      return [{ name: second.word, percent: total, leaves }];
    }
    if (!cross) return [];
    if (only === undefined) return crossedBranches(cross, view.inner);
    return isDimension(view.outer)
      ? filledBranches(crossedWeights(cross, only.word), companies, view.outer, others)
      : [];
  }, [view, cross, companies, total, t]);
};

const titleOf = (view: PictureView, words: ReturnType<typeof useWords>): string => {
  const isNested = view.picture === 'treemap' || view.picture === 'sunburst';
  if (!isNested) return words.divisions[view.by].shares;
  if (view.filters.length > 1) return words.nested.company;
  if (view.inner === 'company') return words.nested[view.outer];
  return `${words.divisions[view.outer].many} → ${words.divisions[view.inner].many}`;
};

const useBars = (view: PictureView, pieces: Pieces): readonly (BarItem & { id?: string })[] => {
  const { t } = useLingui();
  return useMemo(() => {
    if (view.by === 'company') {
      return companyBars(pieces.companies, pieces.total, MOST_BARS, t`Everything else`);
    }
    if (view.by === 'issuer') {
      return pieces.issuers
        .slice(0, MOST_BARS)
        .map(({ issuerId, name, pct }) => ({ id: issuerId, name, percent: pct, like: null }));
    }
    return largest(pieces.weights, MOST_BARS, t`All others`);
  }, [view, pieces, t]);
};

type Drawn = {
  readonly view: PictureView;
  readonly pieces: Pieces;
  readonly lookInto: LookInto;
  readonly chart: ChartAround & { readonly label: string };
};

const BarsPicture = ({ view, pieces, lookInto, chart }: Drawn) => {
  const { by } = view;
  const items = useBars(view, pieces);
  const pick = useCallback(
    (item: BarItem & { id?: string }): void => {
      if (item.rest === true) return;
      if (by === 'company') lookInto.company(item.id);
      else if (by === 'issuer') lookInto.issuer(item.id);
      else lookInto.words([{ dimension: by, word: item.name }]);
    },
    [by, lookInto],
  );
  const words = useWords();
  const rows = isDimension(by) ? ranked(pieces.weights) : items;
  const table = (
    <WeightsTable
      label={chart.label}
      heading={words.divisions[by].one}
      weights={rows}
      onPick={pick}
      exportName={chart.exportName}
    />
  );
  return <Bars {...chart} items={items} onPick={pick} table={table} />;
};

const NestedPicture = ({ view, pieces, lookInto, chart }: Drawn) => {
  const words = useWords();
  const branches = useBranches(view, pieces);
  const { outer, inner, filters } = view;
  const isLast = filters.length > 1;
  const onBranch = useCallback(
    (branch: TreemapBranch) => {
      if (isDimension(outer) && !isLast) lookInto.words([{ dimension: outer, word: branch.name }]);
    },
    [outer, isLast, lookInto],
  );
  const onLeaf = useCallback(
    (leaf: TreemapLeaf, branch: TreemapBranch) => {
      if (isRest(leaf)) return onBranch(branch);
      if (isDimension(inner) && isDimension(outer)) lookInto.pair(outer, branch.name, inner, leaf.name);
      else lookInto.company(leaf.id);
    },
    [outer, inner, lookInto, onBranch],
  );
  const table = (
    <PairsTable
      label={chart.label}
      heads={[words.divisions[outer].one, words.divisions[inner].one]}
      branches={branches}
      exportName={chart.exportName}
      onLeaf={onLeaf}
    />
  );
  const props = { ...chart, branches, onBranch, onLeaf, table };
  if (view.picture === 'treemap') return <Treemap {...props} />;
  return (
    <Suspense fallback={<Place />}>
      <Sunburst {...props} />
    </Suspense>
  );
};

const MapPicture = ({ pieces, lookInto, chart }: Drawn) => {
  const words = useWords();
  const places = useMemo(() => ranked(pieces.weights), [pieces.weights]);
  const pick = useCallback(
    (place: { name: string }) => lookInto.words([{ dimension: 'country', word: place.name }]),
    [lookInto],
  );
  const table = (
    <WeightsTable
      label={chart.label}
      heading={words.divisions.country.one}
      weights={places}
      onPick={pick}
      exportName={chart.exportName}
    />
  );
  return (
    <Suspense fallback={<Place />}>
      <WorldMap {...chart} places={places} onPick={pick} table={table} />
    </Suspense>
  );
};

/** Keeps the place of a picture that is on its way. */
const Place = () => (
  <div className={classes['place']}>
    <Waiting lines={9} />
  </div>
);

/** What a saved picture says of itself: of what, on which weights, which day, how much of it is known. */
const useAbout = ({ exposure }: Subject, whole: string, filters: readonly Filter[]): string => {
  const { t } = useLingui();
  const format = useFormat();
  const where = [whole, ...filters.map(({ word }) => word)].filter((word) => word !== '').join(' › ');
  const bases = {
    published: t`weights as published`,
    normalised: t`weights scaled to 100 %`,
    marketValue: t`weights by market value`,
  };
  return [
    where,
    t`as of ${format.day(exposure.asOf)}`,
    bases[exposure.basis],
    t`coverage ${format.percent(exposure.coveragePct)}`,
  ].join(' · ');
};

/** The picture that the address asks for, with its table. */
export const Picture = ({ subject, view, whole }: { subject: Subject; view: PictureView; whole: string }) => {
  const words = useWords();
  const navigate = route.useNavigate();
  const { show } = route.useSearch();
  const pieces = usePieces(subject, view);
  const lookInto = useLookInto();
  const about = useAbout(subject, whole, view.filters);
  const onShow = useCallback(
    (next: ChartShows) =>
      void navigate({
        search: (before) => ({ ...before, show: next === 'table' ? next : undefined }),
        resetScroll: false,
        replace: true,
      }),
    [navigate],
  );
  if (pieces.waits) return pieces.error ? <Failure error={pieces.error} retry={pieces.retry} /> : <Place />;
  const where = view.filters.map(({ word }) => word).join(', ');
  const title = titleOf(view, words);
  const chart = {
    label: where === '' ? title : `${title}: ${where}`,
    exportName: [title, whole, where].filter((part) => part !== '').join(' '),
    about,
    show,
    onShow,
  };
  const drawn = { view, pieces, lookInto, chart };
  if (view.picture === 'map') return <MapPicture {...drawn} />;
  return view.picture === 'bars' ? <BarsPicture {...drawn} /> : <NestedPicture {...drawn} />;
};
