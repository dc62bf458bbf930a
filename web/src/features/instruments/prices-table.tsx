import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Empty, Loaded, Section } from '../../ui/page.tsx';
import { textColumn, type TableColumn } from '../../ui/table-model.ts';
import { pricesQuery, type Price } from '../market-data/queries.ts';

const useColumns = (): readonly TableColumn<Price>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({
        id: 'when',
        label: t`As of`,
        width: 150,
        read: (one: Price) => one.dateTime,
        cell: (one: Price) => format.time(one.dateTime),
      }),
      {
        id: 'close',
        label: t`Price`,
        numeric: true,
        text: (one) => `${one.quoted.close} ${one.quoted.unit}`,
        cell: (one) => <Figure kind="price" value={one.quoted.close} unit={one.quoted.unit} />,
      },
      {
        id: 'converted',
        label: t`In its currency`,
        numeric: true,
        text: (one) => `${one.close} ${one.currency}`,
        cell: (one) => <Figure kind="price" value={one.close} unit={one.currency} />,
      },
      textColumn({
        id: 'source',
        label: t`Source`,
        read: (one: Price) => one.source,
        cell: (one: Price) =>
          one.kind === 'manual' ? (
            <Tag>
              <Trans>given by you</Trans>
            </Tag>
          ) : (
            one.source
          ),
      }),
    ],
    [t, format],
  );
};

/** The newest prices of an instrument. */
export const Prices = ({ instrumentId, onGive }: { instrumentId: string; onGive: () => void }) => {
  const { t } = useLingui();
  const query = useQuery(pricesQuery(instrumentId));
  const columns = useColumns();
  return (
    <Section title={<Trans>Prices</Trans>}>
      <Loaded query={query}>
        {(prices) => (
          <DataTable
            label={t`Prices`}
            columns={columns}
            rows={prices}
            rowKey={(one) => `${one.dateTime} ${one.source} ${one.kind}`}
            exportName="prices"
            empty={
              <Empty
                title={<Trans>No price yet</Trans>}
                actions={
                  <Button onClick={onGive}>
                    <Trans>Give a price</Trans>
                  </Button>
                }
              >
                <Trans>
                  A price given by hand is only yours, and stands in wherever no fresh live price is known.
                </Trans>
              </Empty>
            }
          />
        )}
      </Loaded>
    </Section>
  );
};
