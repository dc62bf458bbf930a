import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Empty, Failure, PageHeader, Waiting } from '../../ui/page.tsx';
import { useAct } from '../../ui/use-act.ts';
import { SettingsTabs } from '../identity/settings-tabs.tsx';
import look from '../look-through/look-through.module.css';
import { usePortfolioScope } from '../portfolios/scope.ts';
import classes from './activity.module.css';
import {
  useFieldName,
  useNoUndoWords,
  useSentence,
  type Change,
  type Entry,
  type Item,
} from './activity-words.ts';
import { ACTIVITY_KINDS } from './kinds.ts';

const route = getRouteApi('/app/settings/activity');
type Kind = (typeof ACTIVITY_KINDS)[number];

const activityQuery = (portfolioId: string | undefined, kind: Kind | undefined) =>
  infiniteQueryOptions({
    queryKey: ['activity', portfolioId ?? 'all', kind ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/me/activity', { query: { limit: 30, cursor: pageParam, portfolioId, kind }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** A figure as the trail has it; whatever else is shown as it was. */
const FIGURE = /^-?\d+(?:\.\d+)?$/u;

const ChangeLine = ({ change }: { change: Change }) => {
  const name = useFieldName();
  const format = useFormat();
  const shown = (value: string | null) => {
    if (value === null || value === '') return <Trans>nothing</Trans>;
    return FIGURE.test(value) ? format.quantity(value) : value;
  };
  return (
    <li>
      {name(change.field)}: {shown(change.before)} <span className={classes['arrow']}>→</span>{' '}
      {shown(change.after)}
    </li>
  );
};

const ItemLine = ({ item }: { item: Item }) => {
  const sentence = useSentence();
  return (
    <li>
      {sentence(item)}
      {item.changes.length > 0 && (
        <ul>
          {item.changes.map((change) => (
            <ChangeLine key={change.field} change={change} />
          ))}
        </ul>
      )}
    </li>
  );
};

const UndoButton = ({ entry, label }: { entry: Entry; label: string }) => {
  const { t } = useLingui();
  const { busy, act } = useAct(async (client) => client.invalidateQueries());
  const undo = async (): Promise<void> =>
    act(t`It is taken back.`, async () =>
      api('POST /api/me/activity/:id/undo', { params: { id: entry.id } }),
    );
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={busy}
      aria-label={t`Undo: ${label}`}
      onClick={() => void undo()}
    >
      <Trans>Undo</Trans>
    </Button>
  );
};

const Who = ({ entry }: { entry: Entry }) => {
  const format = useFormat();
  const time = format.time(entry.at);
  if (entry.by.kind === 'you') return <Trans>You, {time}</Trans>;
  if (entry.by.kind === 'other') {
    const { name } = entry.by;
    return name === null ? <Trans>Somebody you shared with, {time}</Trans> : `${name}, ${time}`;
  }
  return <Trans>The product itself, {time}</Trans>;
};

const EntryLine = ({ entry }: { entry: Entry }) => {
  const sentence = useSentence();
  const reasons = useNoUndoWords();
  const [main] = entry.items;
  const label = main === undefined ? '' : sentence(main);
  const hasDetails = entry.items.some((item) => item.changes.length > 0) || entry.items.length > 1;
  return (
    <li className={classes['entry']}>
      <div className={classes['line']}>
        <div className={classes['what']}>
          <strong>{label}</strong>
          <p className={classes['quiet']}>
            <Who entry={entry} />
            {entry.portfolio && (
              <>
                {' · '}
                <Link to="/history" search={{ portfolio: entry.portfolio.id, at: entry.at }}>
                  <Trans>{entry.portfolio.name} as it was then</Trans>
                </Link>
              </>
            )}
          </p>
        </div>
        {entry.undo !== null && <UndoButton entry={entry} label={label} />}
      </div>
      {hasDetails && (
        <details className={classes['details']}>
          <summary>
            <Trans>What changed ({entry.itemCount})</Trans>
          </summary>
          <ul>
            {entry.items.map((item, at) => (
              <ItemLine key={at} item={item} />
            ))}
          </ul>
          {entry.noUndo !== null && <p className={classes['quiet']}>{reasons[entry.noUndo]}</p>}
        </details>
      )}
    </li>
  );
};

const KindFilter = () => {
  const { t } = useLingui();
  const { kind } = route.useSearch();
  const navigate = route.useNavigate();
  const names: Readonly<Record<Kind, string>> = {
    portfolio: t`Portfolios`,
    holding: t`Holdings`,
    trade: t`Trades`,
    price: t`Prices`,
    debt: t`Debts`,
    plan: t`Recurring plans`,
    watch: t`Watchlist`,
    account: t`Accounts`,
    access: t`Sharing`,
    session: t`Sign-ins`,
    profile: t`Settings`,
    action: t`Imports and exports`,
  };
  return (
    <NativeSelect
      size="sm"
      label={<Trans>About</Trans>}
      value={kind ?? ''}
      data={[
        { value: '', label: t`Everything` },
        ...ACTIVITY_KINDS.map((value) => ({ value, label: names[value] })),
      ]}
      onChange={(event) => {
        const chosen = ACTIVITY_KINDS.find((one) => one === event.currentTarget.value);
        void navigate({ search: (before) => ({ ...before, kind: chosen }) });
      }}
    />
  );
};

const Entries = ({ portfolioId, kind }: { portfolioId: string | undefined; kind: Kind | undefined }) => {
  const query = useInfiniteQuery(activityQuery(portfolioId, kind));
  if (query.data === undefined) {
    return query.isError ? (
      <Failure error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Waiting lines={8} />
    );
  }
  const entries = query.data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <Empty title={<Trans>Nothing of this kind was done</Trans>} />;
  return (
    <>
      <ul className={look['list'] ?? ''} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {entries.map((entry) => (
          <EntryLine key={entry.id} entry={entry} />
        ))}
      </ul>
      {query.hasNextPage && (
        <p>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            <Trans>Earlier</Trans>
          </Button>
        </p>
      )}
    </>
  );
};

/** Who changed what of the person's own, and the way back. */
export const ActivityPage = () => {
  const { portfolio } = usePortfolioScope();
  const { kind } = route.useSearch();
  const mine = portfolio?.access === 'owner' ? portfolio : null;
  return (
    <>
      <PageHeader
        title={<Trans>Activity</Trans>}
        lead={
          mine ? (
            <Trans>What was done in {mine.name}. Choose all portfolios above to see everything.</Trans>
          ) : (
            <Trans>Everything that was done with what is yours, newest first</Trans>
          )
        }
      />
      <SettingsTabs />
      <div className={look['controls']}>
        <KindFilter />
      </div>
      <Entries portfolioId={mine?.id} kind={kind} />
    </>
  );
};
