import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Empty, Loaded, PageHeader } from '../../ui/page.tsx';
import { MarketsTabs } from '../instruments/tabs.tsx';
import { statusQuery, type ProviderState } from './queries.ts';
import classes from './rates.module.css';

const Terms = ({ provider }: { provider: ProviderState }) => {
  const format = useFormat();
  const { requests, seconds } = provider.limit;
  return (
    <div className={classes['wide']}>
      <p className={classes['quiet']}>
        {provider.coverage}. {provider.cost}.{' '}
        <Trans>
          We ask it at most {format.count(requests)} times in {format.count(seconds)} seconds.
        </Trans>
      </p>
      <p className={classes['quiet']}>
        {provider.lastSuccessAt !== null && <Trans>Last answer {format.ago(provider.lastSuccessAt)}. </Trans>}
        {provider.pausedUntil !== null && (
          <Trans>Left alone until {format.time(provider.pausedUntil)}. </Trans>
        )}
        {provider.newest !== null && <Trans>Newest: {format.day(provider.newest)}.</Trans>}
      </p>
    </div>
  );
};

/** One source of prices or rates: how it does, on what terms, and why it was not used where it was not. */
export const Provider = ({ provider }: { provider: ProviderState }) => {
  const { t } = useLingui();
  const words = { ok: t`working`, failing: t`failing`, waiting: t`waiting`, off: t`off` };
  return (
    <li className={classes['provider']}>
      <span>
        <strong>{provider.name}</strong> <span className={classes['quiet']}>{provider.what}</span>
      </span>
      <span>
        {provider.state === 'ok' ? (
          <Tag>{words[provider.state]}</Tag>
        ) : (
          <Tag tone="warn">{words[provider.state]}</Tag>
        )}
      </span>
      <span className={classes['quiet']}>{provider.detail}</span>
      <Terms provider={provider} />
      {provider.skipped.length > 0 && (
        <ul className={`${classes['legs']} ${classes['wide']}`}>
          {provider.skipped.map(({ why, lines }) => (
            <li key={why}>
              {why} (<Plural value={lines} one="# line" other="# lines" />)
            </li>
          ))}
        </ul>
      )}
    </li>
  );
};

/** Where prices and rates come from, and how each source is doing. */
export const SourcesPage = () => {
  const query = useQuery(statusQuery);
  return (
    <>
      <PageHeader
        title={<Trans>Sources</Trans>}
        lead={<Trans>Who is asked for prices and rates, in what order, and what came of it.</Trans>}
      />
      <MarketsTabs />
      <Loaded query={query} lines={8}>
        {(providers) =>
          providers.length === 0 ? (
            <Empty title={<Trans>No source is set up</Trans>} />
          ) : (
            <ul className={classes['providers']}>
              {providers.map((provider) => (
                <Provider key={provider.id} provider={provider} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
};
