import { Trans, useLingui } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Change } from '../../ui/figure.tsx';
import type { How } from '../../ui/how.tsx';
import { Section } from '../../ui/page.tsx';
import classes from './ledger.module.css';
import { gainPartHow } from './ledger-how.tsx';
import { gainQuery, type CostMethod, type Holding, type HoldingGain } from './queries.ts';
import { Choice } from './trade-choice.tsx';
import { useTypeWords } from './trade-words.tsx';

type Line = {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: string | null;
  readonly how: (() => How) | undefined;
};

const Sums = ({ title, lines, currency }: { title: string; lines: readonly Line[]; currency: string }) => (
  <table className={classes['sums']}>
    <caption>{title}</caption>
    <tbody>
      {lines.map(({ key, label, value, how }) => (
        <tr key={key} data-total={key === 'total'}>
          <th scope="row">{label}</th>
          <td>
            <Change kind="money" value={value} currency={currency} how={how} missing="–" />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Parts = ({ answer }: { answer: HoldingGain }) => {
  const { t } = useLingui();
  const format = useFormat();
  const words = useTypeWords();
  const { gain, split, splitMissing } = answer;
  const line = (key: Parameters<typeof gainPartHow>[0], label: ReactNode, value: string | null): Line => ({
    key,
    label,
    value,
    how: () => gainPartHow(key, answer, format, words),
  });
  const total = line('total', <Trans>Together</Trans>, gain.total);
  const income = line('income', <Trans>Income, less separate charges</Trans>, gain.incomeGain);
  return (
    <div className={classes['two']}>
      <Sums
        title={t`What became of it`}
        currency={gain.currency}
        lines={[
          line('realised', <Trans>Realised by selling</Trans>, gain.realised),
          line('unrealised', <Trans>Unrealised, still held</Trans>, gain.unrealised),
          income,
          total,
        ]}
      />
      {split ? (
        <Sums
          title={t`Where it came from`}
          currency={gain.currency}
          lines={[
            line('price', <Trans>Price</Trans>, split.price),
            line('currency', <Trans>Currency</Trans>, split.currency),
            { ...income, value: split.income },
            total,
          ]}
        />
      ) : (
        <p className={classes['aside']}>{splitMissing}</p>
      )}
    </div>
  );
};

/** What a holding has gained since its first trade: realised, unrealised, income; by price, currency, income. */
export const GainSection = ({ holding }: { holding: Holding }) => {
  const { t } = useLingui();
  const [method, setMethod] = useState<CostMethod>('average');
  const { data } = useQuery({ ...gainQuery(holding.id, method), placeholderData: keepPreviousData });
  if (!data || data.rows.length === 0) return null;
  return (
    <Section
      title={<Trans>Gain since the first trade</Trans>}
      actions={
        <Choice
          label={t`Which units a sale takes first`}
          value={method}
          options={[
            { value: 'average', label: t`Average cost` },
            { value: 'fifo', label: t`First in, first out` },
          ]}
          onChange={(chosen) => setMethod(chosen === 'fifo' ? 'fifo' : 'average')}
        />
      }
    >
      <Parts answer={data} />
    </Section>
  );
};
