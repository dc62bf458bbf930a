import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import { Loaded, Note, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { instrumentTag } from '../instruments/queries.ts';
import { ExposureGlance } from '../look-through/glance.tsx';
import { PriceDialog } from '../market-data/price-dialog.tsx';
import { exposureQuery } from '../look-through/queries.ts';
import { mayEdit, portfoliosQuery } from '../portfolios/queries.ts';
import { DebtHeadlines, Headline, ValueLabel } from '../valuation/headline.tsx';
import overview from '../valuation/overview.module.css';
import { gainHow, priceSource, valueHow } from '../valuation/provenance.tsx';
import { DebtDialog, DebtSection } from './debts.tsx';
import { EditHolding } from './edit-holding.tsx';
import { GainSection } from './gain.tsx';
import { averageHow, costTrailHow } from './ledger-how.tsx';
import classes from './ledger.module.css';
import { LinkHolding, NoInstrument } from './link-holding.tsx';
import { gainQuery, holdingQuery, tradesQuery, type Holding } from './queries.ts';
import { useRemoval } from './removal.ts';
import { useTradeWords } from './trade-words.tsx';
import { TradesTable } from './trades-table.tsx';

const TradeDialog = lazy(async () => ({ default: (await import('./trade-dialog.tsx')).TradeDialog }));
const EventDialog = lazy(async () => ({ default: (await import('./event-dialog.tsx')).EventDialog }));

const route = getRouteApi('/app/holdings/$holdingId');

type Open =
  | { readonly kind: 'trade'; readonly tradeId?: string; readonly holdingId?: string }
  | { readonly kind: 'parts'; readonly tradeId: string }
  | { readonly kind: 'price' }
  | { readonly kind: 'debt' }
  | { readonly kind: 'edit' }
  | { readonly kind: 'link' }
  | null;

const Figures = ({ holding }: { holding: Holding }) => {
  const format = useFormat();
  const words = useTradeWords();
  const { data: trades = [] } = useQuery(tradesQuery(holding.id));
  const { valuation } = holding;
  const { currency, price } = valuation;
  const debt = valuation.owed?.value ?? '0';
  return (
    <dl className={overview['headlines']}>
      <Headline label={<ValueLabel debt={debt} />} main>
        <Figure
          kind="money"
          value={valuation.value}
          currency={currency}
          how={() => valueHow(holding, format)}
          stale={price?.stale}
          missing={valuation.missing === 'rate' ? <Trans>no rate</Trans> : <Trans>no price yet</Trans>}
        />
      </Headline>
      <DebtHeadlines assets={valuation.assets} debt={debt} currency={currency} />
      <Headline label={<Trans>Gain</Trans>}>
        <Change
          kind="money"
          value={valuation.gain}
          currency={currency}
          how={() => gainHow(holding, format)}
          missing="–"
        />
        {valuation.gainPct !== null && (
          <span className={overview['beside']}>{format.percent(valuation.gainPct, true)}</span>
        )}
      </Headline>
      <Headline label={<Trans>Cost</Trans>}>
        <Figure
          kind="money"
          value={holding.costBasis}
          currency={holding.costCurrency}
          how={() => costTrailHow(holding, trades, format, words)}
        />
      </Headline>
      <Headline label={<Trans>Quantity</Trans>}>{format.quantity(holding.qty)}</Headline>
      {price && price.kind !== 'cash' && (
        <Headline label={<Trans>Price</Trans>}>
          <Figure kind="price" value={price.quoted.close} unit={price.quoted.unit} />
          <span className={overview['beside']}>
            {format.ago(price.dateTime)}, {priceSource(price)}
          </span>
        </Headline>
      )}
    </dl>
  );
};

const Facts = ({ holding }: { holding: Holding }) => {
  const format = useFormat();
  return (
    <Section title={<Trans>Where it belongs</Trans>}>
      <dl className={classes['facts']}>
        <div>
          <dt>
            <Trans>Account</Trans>
          </dt>
          <dd>{holding.account}</dd>
        </div>
        <div>
          <dt>
            <Trans>Section</Trans>
          </dt>
          <dd>{holding.section}</dd>
        </div>
        <div>
          <dt>
            <Trans>Theme</Trans>
          </dt>
          <dd>{holding.theme}</dd>
        </div>
        {holding.targetPct !== null && (
          <div>
            <dt>
              <Trans>Target share</Trans>
            </dt>
            <dd>{format.percent(holding.targetPct)}</dd>
          </div>
        )}
        {holding.avgCost !== null && (
          <div>
            <dt>
              <Trans>Average cost per unit</Trans>
            </dt>
            <dd>
              <Figure
                kind="price"
                value={holding.avgCost}
                unit={holding.costCurrency}
                how={() => averageHow(holding, format)}
              />
            </dd>
          </div>
        )}
        {holding.notes !== null && (
          <div>
            <dt>
              <Trans>Notes</Trans>
            </dt>
            <dd>{holding.notes}</dd>
          </div>
        )}
      </dl>
    </Section>
  );
};

const useDelete = (holding: Holding): (() => Promise<void>) => {
  const removal = useRemoval();
  const navigate = useNavigate();
  return async () => {
    // Away first: the page of what is gone would ask for it once more.
    await navigate({ to: '/holdings', search: { portfolio: holding.portfolioId } });
    await removal.holding(holding);
  };
};

const Actions = ({ holding, show }: { holding: Holding; show: (open: Open) => void }) => {
  const { t } = useLingui();
  const remove = useDelete(holding);
  const isCash = holding.instrument?.type === 'Cash';
  return (
    <>
      {holding.instrument && (
        <Button variant="default" onClick={() => show({ kind: 'price' })}>
          <Trans>Give a price</Trans>
        </Button>
      )}
      <Button leftSection={<IconPlus size={16} />} onClick={() => show({ kind: 'trade' })}>
        <Trans>Record a trade</Trans>
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t`More actions`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => show({ kind: 'edit' })}>
            <Trans>Edit</Trans>
          </Menu.Item>
          {!isCash && (
            <Menu.Item onClick={() => show({ kind: 'debt' })}>
              <Trans>Say what is owed against it</Trans>
            </Menu.Item>
          )}
          <Menu.Item color="red" onClick={() => void remove()}>
            <Trans>Delete with its trades</Trans>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
};

const Lead = ({ holding, portfolioName }: { holding: Holding; portfolioName: string | undefined }) => {
  const { instrument } = holding;
  return (
    <>
      {[portfolioName, holding.account].filter((part) => part !== undefined).join(' · ')}
      {instrument && (
        <>
          {' '}
          ·{' '}
          <Link to="/markets/$instrumentId" params={{ instrumentId: instrument.id }}>
            {instrumentTag(instrument) || instrument.type}
          </Link>
        </>
      )}
      {!holding.include && (
        <>
          {' '}
          <Tag>
            <Trans>not counted</Trans>
          </Tag>
        </>
      )}
    </>
  );
};

/** The dialog of a trade of this holding, or of the one whose event this holding takes part in. */
const TradeOf = (props: {
  holding: Holding;
  holdingId: string | undefined;
  tradeId: string | undefined;
  onClose: () => void;
}) => {
  const elsewhere = props.holdingId !== undefined && props.holdingId !== props.holding.id;
  const { data } = useQuery({ ...holdingQuery(props.holdingId ?? ''), enabled: elsewhere });
  const holding = elsewhere ? data : props.holding;
  return holding && <TradeDialog holding={holding} tradeId={props.tradeId} onClose={props.onClose} />;
};

const NoPrice = () => (
  <Note tone="warn">
    <p>
      <Trans>No price is known, so this holding is left out of totals. Give one by hand.</Trans>
    </p>
  </Note>
);

const HoldingBody = ({ holding }: { holding: Holding }) => {
  const [open, setOpen] = useState<Open>(null);
  const { data: portfolios } = useQuery(portfoliosQuery);
  const { data: trades, isPending: tradesPending } = useQuery(tradesQuery(holding.id));
  const scope = { kind: 'holding', id: holding.id } as const;
  const exposure = useQuery(exposureQuery(scope));
  const portfolio = portfolios?.find((one) => one.id === holding.portfolioId);
  const editable = portfolio !== undefined && mayEdit(portfolio);
  const onlyOpening = trades?.length === 1 && trades[0]?.type === 'opening';
  const { instrument } = holding;
  const close = (): void => setOpen(null);
  return (
    <>
      <PageHeader
        trail={
          <Link to="/holdings" search={{ portfolio: holding.portfolioId }}>
            <Trans>Holdings</Trans>
          </Link>
        }
        title={holding.name}
        lead={<Lead holding={holding} portfolioName={portfolio?.name} />}
        actions={editable && <Actions holding={holding} show={setOpen} />}
      />
      <Figures holding={holding} />
      {instrument === null && <NoInstrument editable={editable} onChoose={() => setOpen({ kind: 'link' })} />}
      {holding.valuation.missing === 'price' && <NoPrice />}
      {holding.hasDebt && <DebtSection holding={holding} editable={editable} />}
      <GainSection holding={holding} />
      <Section title={<Trans>Trades</Trans>}>
        <TradesTable
          holding={holding}
          editable={editable}
          onEdit={(trade) => setOpen({ kind: 'trade', tradeId: trade.id })}
          onParts={(trade) => setOpen({ kind: 'parts', tradeId: trade.id })}
        />
      </Section>
      {/* What stands below waits, so that nothing moves once it is seen. */}
      {!tradesPending && !exposure.isPending && (
        <>
          <ExposureGlance scope={scope} />
          <Facts holding={holding} />
        </>
      )}
      <Suspense fallback={null}>
        {open?.kind === 'trade' && (
          <TradeOf holding={holding} holdingId={open.holdingId} tradeId={open.tradeId} onClose={close} />
        )}
        {open?.kind === 'parts' && (
          <EventDialog
            tradeId={open.tradeId}
            editable={editable}
            onCorrect={({ id, holdingId }) => setOpen({ kind: 'trade', tradeId: id, holdingId })}
            onClose={close}
          />
        )}
      </Suspense>
      {open?.kind === 'debt' && <DebtDialog holding={holding} onClose={close} />}
      {open?.kind === 'price' && instrument && <PriceDialog instrument={instrument} onClose={close} />}
      {open?.kind === 'link' && <LinkHolding holding={holding} onClose={close} />}
      {open?.kind === 'edit' && (
        <EditHolding holding={holding} portfolio={portfolio} editable={onlyOpening} onClose={close} />
      )}
    </>
  );
};

/** One holding: what it is worth, every trade, and what it really holds. */
export const HoldingPage = () => {
  const { holdingId } = route.useParams();
  const query = useQuery(holdingQuery(holdingId));
  // They decide which actions the header has room for, and what stands above the trades.
  const portfolios = useQuery(portfoliosQuery);
  const gain = useQuery(gainQuery(holdingId, 'average'));
  return (
    <Loaded query={query} lines={8}>
      {(holding) =>
        portfolios.isPending || gain.isPending ? (
          <Waiting lines={8} />
        ) : (
          <HoldingBody key={holding.id} holding={holding} />
        )
      }
    </Loaded>
  );
};
