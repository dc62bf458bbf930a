import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { meQuery } from '../../lib/session.ts';
import { Tag } from '../../ui/coverage.tsx';
import { Figure } from '../../ui/figure.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import type { How } from '../../ui/how.tsx';
import { Empty, Failure, Loaded, Note, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { MarketsTabs } from '../instruments/tabs.tsx';
import { refreshFigures } from '../ledger/queries.ts';
import look from '../look-through/look-through.module.css';
import { fxQuery, type FxRate } from '../valuation/queries.ts';
import { useCurrencyOptions } from './currencies.ts';
import { statusQuery } from './queries.ts';
import classes from './rates.module.css';
import { Provider } from './sources.tsx';

const route = getRouteApi('/app/markets/rates');

const useRateHow = (): ((rate: FxRate) => How) => {
  const { t } = useLingui();
  const format = useFormat();
  const methods = {
    identity: t`One currency in itself.`,
    published: t`As published.`,
    inverse: t`One divided by the published rate.`,
    cross: t`Two published rates of one source and day, one divided by the other.`,
  };
  return (rate) => ({
    title: (
      <Trans>
        {rate.from} to {rate.to}
      </Trans>
    ),
    formula: methods[rate.method],
    inputs: rate.legs.map((leg) => ({
      label: (
        <Trans>
          {leg.from} to {leg.to}
        </Trans>
      ),
      value: format.rate(leg.rate),
      note: `${leg.source}, ${format.day(leg.date)}`,
    })),
    source: rate.source,
    asOf: format.day(rate.date),
  });
};

const Result = ({ rate }: { rate: FxRate }) => {
  const format = useFormat();
  const how = useRateHow();
  return (
    <div className={classes['result']}>
      <p className={classes['rate']}>
        1 {rate.from} = <Figure kind="rate" value={rate.rate} unit={rate.to} how={() => how(rate)} />
      </p>
      <p className={classes['quiet']}>
        <Trans>
          {rate.source}, {format.day(rate.date)}
        </Trans>{' '}
        {rate.carriedForward && (
          <Tag>
            <Trans>the last published day before {format.day(rate.requestedDate)}</Trans>
          </Tag>
        )}
      </p>
      <ul className={classes['legs']}>
        {rate.legs.map((leg) => (
          <li key={`${leg.from} ${leg.to}`}>
            <Trans>
              1 {leg.from} = {format.rate(leg.rate)} {leg.to}, published by {leg.source} for{' '}
              {format.day(leg.date)}
            </Trans>
          </li>
        ))}
      </ul>
    </div>
  );
};

const Lookup = () => {
  const { t } = useLingui();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const currencies = useCurrencyOptions();
  const from = search.from ?? 'USD';
  const to = search.to ?? 'GBP';
  const query = useQuery(fxQuery(from, to, search.date));
  const set = (change: { from?: string; to?: string; date?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <Section quiet title={<Trans>Look up a rate</Trans>}>
      <div className={look['controls']}>
        <NativeSelect
          label={t`From`}
          value={from}
          data={currencies}
          maw={240}
          onChange={(event) => set({ from: event.currentTarget.value })}
        />
        <NativeSelect
          label={t`To`}
          value={to}
          data={currencies}
          maw={240}
          onChange={(event) => set({ to: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t`Day`}
          max={format.today()}
          value={search.date ?? ''}
          onChange={(event) => {
            const day = event.currentTarget.value;
            set({ date: day === '' ? undefined : day });
          }}
        />
      </div>
      <div className={classes['answer']}>
        <Loaded query={query} lines={3}>
          {(rate) => <Result rate={rate} />}
        </Loaded>
      </div>
    </Section>
  );
};

const ImportRates = () => {
  const format = useFormat();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (file: File) => api('POST /api/fx/import', { body: file }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['fx'] }),
        client.invalidateQueries({ queryKey: ['market data status'] }),
        refreshFigures(client),
      ]);
    },
  });
  const done = send.data;
  return (
    <Section
      title={<Trans>Import rates of the ECB</Trans>}
      lead={<Trans>The history or the file of a day, as CSV or XML</Trans>}
    >
      <FileDrop multiple={false} onFiles={([file]) => file && send.mutate(file)} />
      {send.isPending && <Waiting lines={2} />}
      {send.isError && <Failure error={send.error} />}
      {done && (
        <Note title={<Plural value={done.rows} one="# rate is in" other="# rates are in" />}>
          <p>
            <Trans>
              {format.day(done.from)} to {format.day(done.to)}, {format.count(done.pairs)} currencies;{' '}
              {format.count(done.added)} new, {format.count(done.corrected)} corrected.
            </Trans>
          </p>
          {done.warnings.length > 0 && (
            <ul>
              {done.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          )}
        </Note>
      )}
    </Section>
  );
};

/** Exchange rates: look one up, bring the ECB's files in, see how the sources are doing. */
export const RatesPage = () => {
  const { data: me } = useQuery(meQuery);
  const status = useQuery(statusQuery);
  return (
    <>
      <PageHeader
        title={<Trans>Exchange rates</Trans>}
        lead={
          <Trans>As published. Inverse and cross rates are computed, and show the rates behind them.</Trans>
        }
      />
      <MarketsTabs />
      <Lookup />
      {me?.role === 'admin' && <ImportRates />}
      <Section title={<Trans>Sources</Trans>}>
        <Loaded query={status}>
          {(providers) =>
            providers.length === 0 ? (
              <Empty title={<Trans>No source is set up</Trans>} />
            ) : (
              <ul className={classes['providers']}>
                {providers
                  .filter((provider) => provider.does.includes('rates'))
                  .map((provider) => (
                    <Provider key={provider.id} provider={provider} />
                  ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
    </>
  );
};
