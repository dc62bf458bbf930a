import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { useDecimalReader } from '../../ui/form.tsx';
import { Loaded } from '../../ui/page.tsx';
import type { Portfolio } from '../portfolios/queries.ts';
import { NotHeld } from './followed.tsx';
import classes from './allocation.module.css';
import { rebalanceQuery } from './queries.ts';
import { Worksheet } from './worksheet.tsx';

const route = getRouteApi('/app/targets');

type Search = ReturnType<typeof route.useSearch>;

const Choices = ({ portfolio, set }: { portfolio: Portfolio; set: (part: Partial<Search>) => void }) => {
  const { t } = useLingui();
  const search = route.useSearch();
  return (
    <>
      <NativeSelect
        label={t`How`}
        value={search.mode ?? 'buyOnly'}
        data={[
          { value: 'buyOnly', label: t`Buy only` },
          { value: 'buyAndSell', label: t`Buy and sell` },
        ]}
        onChange={(event) =>
          set({ mode: event.currentTarget.value === 'buyOnly' ? 'buyOnly' : 'buyAndSell' })
        }
      />
      <NativeSelect
        label={t`Into account`}
        value={search.account ?? ''}
        data={[
          { value: '', label: t`where it is needed` },
          ...portfolio.lists.accounts.map((value) => ({ value, label: value })),
        ]}
        onChange={(event) => set({ account: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        data-wide
        label={t`Units`}
        value={search.units ?? 'asTraded'}
        data={[
          { value: 'asTraded', label: t`whole on exchanges, else fractions` },
          { value: 'whole', label: t`whole only` },
          { value: 'fractional', label: t`fractions` },
        ]}
        onChange={(event) => {
          const units = event.currentTarget.value;
          set({ units: units === 'whole' || units === 'fractional' ? units : undefined });
        }}
      />
    </>
  );
};

/** How much, by which rule, where and in which units. */
const Asked = ({ portfolio }: { portfolio: Portfolio }) => {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const read = useDecimalReader();
  const format = useFormat();
  const [cash, setCash] = useState(search.cash === undefined ? '' : format.quantity(search.cash));
  const [wrong, setWrong] = useState<string | null>(null);
  const set = (part: Partial<Search>): void =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const mode = search.mode ?? 'buyOnly';
  const send = (): void => {
    const amount = cash.trim() === '' ? '0' : read(cash);
    if (amount === null) return setWrong(t`An amount such as 1,000.`);
    if (amount.startsWith('-') && mode === 'buyOnly') {
      return setWrong(t`Taking money out means selling: choose “Buy and sell”.`);
    }
    setWrong(null);
    set({ cash: amount });
  };
  return (
    <form
      className={classes['asked']}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextInput
        label={t`New money`}
        placeholder={t`1,000, or −500 to take out`}
        value={cash}
        error={wrong}
        rightSection={portfolio.baseCurrency}
        rightSectionWidth={52}
        onChange={(event) => setCash(event.currentTarget.value)}
      />
      <Choices portfolio={portfolio} set={set} />
      <Button type="submit">
        <Trans>Work it out</Trans>
      </Button>
    </form>
  );
};

/** What to trade to come back to target, as arithmetic on the targets that were set. */
export const Rebalancing = ({ portfolio }: { portfolio: Portfolio }) => {
  const { cash, mode, account, units } = route.useSearch();
  const asked = { cash: cash ?? '0', mode: mode ?? ('buyOnly' as const), account, units };
  const query = useQuery({ ...rebalanceQuery(portfolio.id, asked), enabled: cash !== undefined });
  return (
    <>
      <p className={classes['lead']}>
        <Trans>
          Arithmetic on the targets you set, not advice: fees, taxes, spreads and what is wise are not in it.
          Nothing is recorded.
        </Trans>
      </p>
      <Asked portfolio={portfolio} />
      {cash !== undefined && (
        <Loaded query={query} lines={6}>
          {(allocation) => (
            <>
              <NotHeld allocation={allocation} />
              <Worksheet
                key={JSON.stringify([asked, allocation.rebalance?.lines])}
                portfolio={portfolio}
                allocation={allocation}
              />
            </>
          )}
        </Loaded>
      )}
    </>
  );
};
