import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconArrowsDiff, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormat } from '../../lib/preferences.tsx';
import { Empty, Loaded, PageHeader, Section } from '../../ui/page.tsx';
import classes from '../identity/settings.module.css';
import { NewDraft, Promote } from './draft-dialogs.tsx';
import { portfoliosQuery, type Portfolio } from './queries.ts';

const route = getRouteApi('/app/drafts');

const useShow = () => {
  const navigate = route.useNavigate();
  return (dialog: { new?: '1'; promote?: string }): void =>
    void navigate({ search: (before) => ({ ...before, new: undefined, promote: undefined, ...dialog }) });
};

/** With what it is compared unless one chooses: what it came from, or for a model who follows it. */
const counterpartOf = (one: Portfolio, all: readonly Portfolio[]): Portfolio | undefined =>
  all.find(({ id }) => id === one.parentId) ??
  all.find(({ modelId }) => modelId === one.id) ??
  all.find(({ id, type }) => id !== one.id && type === 'actual') ??
  all.find(({ id }) => id !== one.id);

const Origin = ({ one, all }: { one: Portfolio; all: readonly Portfolio[] }) => {
  const format = useFormat();
  const origin = all.find(({ id }) => id === one.parentId);
  const followers = all.filter(({ modelId }) => modelId === one.id).map(({ name }) => name);
  const day = format.day(one.createdAt.slice(0, 10));
  return (
    <p className={classes['quiet']}>
      {origin ? (
        <Trans>
          Copied from {origin.name} on {day}.
        </Trans>
      ) : (
        <Trans>Begun on {day}.</Trans>
      )}{' '}
      <Trans>Holdings: {one.holdingCount}.</Trans>{' '}
      {followers.length > 0 && <Trans>Followed by {followers.join(', ')}.</Trans>}
    </p>
  );
};

const DraftLine = ({ one, all }: { one: Portfolio; all: readonly Portfolio[] }) => {
  const { t } = useLingui();
  const show = useShow();
  const other = counterpartOf(one, all);
  const compare =
    other && (one.type === 'model' ? { left: other.id, right: one.id } : { left: one.id, right: other.id });
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <strong>
          <Link to="/holdings" search={{ portfolio: one.id }}>
            {one.name}
          </Link>
        </strong>
        <Origin one={one} all={all} />
      </div>
      <div className={classes['acts']}>
        {compare && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowsDiff aria-hidden size={15} />}
            aria-label={t`Compare ${one.name}`}
            renderRoot={(props) => <Link to="/drafts/compare" search={compare} {...props} />}
          >
            <Trans>Compare</Trans>
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          aria-label={t`Make real: ${one.name}`}
          onClick={() => show({ promote: one.id })}
        >
          <Trans>Make real</Trans>
        </Button>
      </div>
    </li>
  );
};

const Lines = ({ some, all }: { some: readonly Portfolio[]; all: readonly Portfolio[] }) => (
  <ul className={classes['list']}>
    {some.map((one) => (
      <DraftLine key={one.id} one={one} all={all} />
    ))}
  </ul>
);

const Body = ({ all }: { all: readonly Portfolio[] }) => {
  const show = useShow();
  const drafts = all.filter(({ type }) => type === 'draft');
  const models = all.filter(({ type }) => type === 'model');
  if (drafts.length + models.length === 0) {
    return (
      <Empty
        title={<Trans>No drafts yet</Trans>}
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={() => show({ new: '1' })}>
            <Trans>New draft</Trans>
          </Button>
        }
      >
        <Trans>
          A draft is a copy of a portfolio to try things out in: change quantities, add and remove holdings,
          and see side by side what that does. Nothing of it counts until you make it real.
        </Trans>
      </Empty>
    );
  }
  return (
    <>
      {drafts.length > 0 && (
        <Section quiet title={<Trans>Drafts</Trans>}>
          <Lines some={drafts} all={all} />
        </Section>
      )}
      {models.length > 0 && (
        <Section
          quiet={drafts.length === 0}
          title={<Trans>Models</Trans>}
          lead={<Trans>What portfolios aim for; a portfolio chooses its model in its settings</Trans>}
        >
          <Lines some={models} all={all} />
        </Section>
      )}
    </>
  );
};

/** Portfolios that are not real: drafts to try things out, and models to aim for. */
export const DraftsPage = () => {
  const query = useQuery(portfoliosQuery);
  const search = route.useSearch();
  const show = useShow();
  const all = query.data ?? [];
  const close = (): void => show({});
  const promoted = all.find(({ id }) => id === search.promote);
  return (
    <>
      <PageHeader
        title={<Trans>Drafts and models</Trans>}
        lead={<Trans>Try things out, compare them with what you have, and make real what you like.</Trans>}
        actions={
          <>
            {all.length > 1 && (
              <Button
                variant="default"
                renderRoot={(props) => (
                  <Link to="/drafts/compare" search={{ left: all[0]?.id, right: all[1]?.id }} {...props} />
                )}
              >
                <Trans>Compare two</Trans>
              </Button>
            )}
            <Button leftSection={<IconPlus size={16} />} onClick={() => show({ new: '1' })}>
              <Trans>New draft</Trans>
            </Button>
          </>
        }
      />
      <Loaded query={query}>{(portfolios) => <Body all={portfolios} />}</Loaded>
      {search.new === '1' && query.data && <NewDraft portfolios={all} onClose={close} />}
      {promoted && <Promote draft={promoted} onClose={close} />}
    </>
  );
};
