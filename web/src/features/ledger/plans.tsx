import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Empty, Failure, Loaded, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { useAct } from '../../ui/use-act.ts';
import settings from '../identity/settings.module.css';
import { mayEdit, type Portfolio } from '../portfolios/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { PlanDialog } from './plan-dialog.tsx';
import { plansQuery, proposalsQuery, type Plan, type Proposal } from './plan-queries.ts';
import { ProposalDialog } from './proposal-dialog.tsx';
import { refreshFigures } from './queries.ts';

const Lines = ({ proposal }: { proposal: Proposal }) => {
  const { t } = useLingui();
  const format = useFormat();
  return (
    <ul className={settings['plainList']}>
      {proposal.lines.map((line) => (
        <li key={line.holdingId} className={settings['quiet']}>
          {line.name}: {format.money(line.amount, proposal.currency)}
          {line.qty !== null && line.price !== null ? (
            <Trans>
              , {format.quantity(line.qty)} at {format.price(line.price)} {line.quoteUnit}
            </Trans>
          ) : (
            `, ${t`no price or rate is known for that day`}`
          )}
        </li>
      ))}
    </ul>
  );
};

const ProposalItem = ({ proposal, editable }: { proposal: Proposal; editable: boolean }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { busy, act } = useAct(refreshFigures);
  const [editing, setEditing] = useState(false);
  const at = { params: { id: proposal.id } };
  const day = format.day(proposal.tradeOn);
  const name = `${proposal.planName}, ${day}`;
  const isPriced = proposal.lines.every((line) => line.qty !== null && line.price !== null);
  return (
    <li className={settings['item']}>
      <div className={settings['what']}>
        <strong>{name}</strong>{' '}
        {proposal.dueOn !== proposal.tradeOn && (
          <Tag>
            <Trans>after the weekend</Trans>
          </Tag>
        )}
        <Lines proposal={proposal} />
      </div>
      {editable && (
        <div className={settings['acts']}>
          <Button
            size="xs"
            loading={busy}
            disabled={!isPriced}
            aria-label={t`Confirm ${name}`}
            onClick={() =>
              void act(t`Recorded.`, () => api('POST /api/proposals/:id/confirm', { ...at, body: {} }))
            }
          >
            <Trans>Confirm</Trans>
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            aria-label={t`Edit ${name}`}
            onClick={() => setEditing(true)}
          >
            <Trans>Edit</Trans>
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            aria-label={t`Skip ${name}`}
            onClick={() =>
              void act(
                t`Skipped.`,
                () => api('POST /api/proposals/:id/skip', at),
                () => api('POST /api/proposals/:id/reopen', at),
              )
            }
          >
            <Trans>Skip</Trans>
          </Button>
        </div>
      )}
      {editing && <ProposalDialog proposal={proposal} onClose={() => setEditing(false)} />}
    </li>
  );
};

const useSchedule = () => {
  const { t } = useLingui();
  const format = useFormat();
  const weekdays = [t`Monday`, t`Tuesday`, t`Wednesday`, t`Thursday`, t`Friday`, t`Saturday`, t`Sunday`];
  return (plan: Plan): string => {
    const amount = format.money(plan.amount, plan.currency);
    const weekday = weekdays[plan.day - 1] ?? '';
    const day = format.count(plan.day);
    return plan.every === 'week' ? t`${amount} every ${weekday}` : t`${amount} every month on day ${day}`;
  };
};

const PlanItem = ({ plan, portfolio }: { plan: Plan; portfolio: Portfolio }) => {
  const { t } = useLingui();
  const format = useFormat();
  const schedule = useSchedule();
  const { busy, act } = useAct(refreshFigures);
  const [editing, setEditing] = useState(false);
  const at = { params: { id: plan.id }, version: plan.version };
  const { name } = plan;
  const parts = plan.parts
    .map((part) =>
      part.amount === null
        ? `${part.name} ${format.percent(part.percent ?? 0)}`
        : `${part.name} ${format.money(part.amount, plan.currency)}`,
    )
    .join(', ');
  return (
    <li className={settings['item']}>
      <div className={settings['what']}>
        <strong>{name}</strong>{' '}
        {plan.paused && (
          <Tag>
            <Trans>paused</Trans>
          </Tag>
        )}
        <p className={settings['quiet']}>
          {schedule(plan)}, {plan.account}: {parts}
        </p>
        {plan.nextOn !== null && (
          <p className={settings['quiet']}>
            <Trans>Next on {format.day(plan.nextOn)}</Trans>
          </p>
        )}
      </div>
      {mayEdit(portfolio) && (
        <div className={settings['acts']}>
          <Button size="xs" variant="default" aria-label={t`Change ${name}`} onClick={() => setEditing(true)}>
            <Trans>Change</Trans>
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={busy}
            aria-label={plan.paused ? t`Resume ${name}` : t`Pause ${name}`}
            onClick={() =>
              void act(t`Saved.`, () =>
                api('PATCH /api/plans/:id', { ...at, body: { paused: !plan.paused } }),
              )
            }
          >
            {plan.paused ? <Trans>Resume</Trans> : <Trans>Pause</Trans>}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            aria-label={t`Delete ${name}`}
            onClick={() =>
              void act(t`${name} is deleted. What it recorded stays.`, () => api('DELETE /api/plans/:id', at))
            }
          >
            <Trans>Delete</Trans>
          </Button>
        </div>
      )}
      {editing && <PlanDialog portfolio={portfolio} plan={plan} onClose={() => setEditing(false)} />}
    </li>
  );
};

const Plans = ({ portfolio }: { portfolio: Portfolio }) => {
  const proposals = useQuery(proposalsQuery(portfolio.id));
  const plans = useQuery(plansQuery(portfolio.id));
  return (
    <div className={settings['narrow']}>
      <Loaded query={proposals}>
        {({ items }) =>
          items.length > 0 && (
            <Section quiet title={<Trans>Waiting for you</Trans>}>
              <ul className={settings['list']}>
                {items.map((one) => (
                  <ProposalItem key={one.id} proposal={one} editable={mayEdit(portfolio)} />
                ))}
              </ul>
            </Section>
          )
        }
      </Loaded>
      <Loaded query={plans}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={<Trans>No recurring plan yet</Trans>}>
              <Trans>
                A plan proposes purchases on its days. You confirm them at the price that was really paid;
                those that you miss wait.
              </Trans>
            </Empty>
          ) : (
            <Section title={<Trans>Plans</Trans>}>
              <ul className={settings['list']}>
                {items.map((one) => (
                  <PlanItem key={one.id} plan={one} portfolio={portfolio} />
                ))}
              </ul>
            </Section>
          )
        }
      </Loaded>
    </div>
  );
};

/** The recurring plans of the chosen portfolio, and what they propose. */
export const PlansPage = () => {
  const { portfolios, portfolio, error, retry } = usePortfolioScope();
  const [adding, setAdding] = useState(false);
  const content = () => {
    if (portfolios === undefined) {
      return error === null ? <Waiting lines={6} /> : <Failure error={error} retry={retry} />;
    }
    if (portfolio) return <Plans key={portfolio.id} portfolio={portfolio} />;
    return (
      <Empty title={<Trans>Which portfolio?</Trans>}>
        {portfolios.map((one, at) => (
          <span key={one.id}>
            {at > 0 && ' · '}
            <Link to="/holdings/plans" search={{ portfolio: one.id }}>
              {one.name}
            </Link>
          </span>
        ))}
      </Empty>
    );
  };
  return (
    <>
      <PageHeader
        title={<Trans>Recurring plans</Trans>}
        lead={portfolio?.name}
        actions={
          portfolio &&
          mayEdit(portfolio) && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              <Trans>New plan</Trans>
            </Button>
          )
        }
      />
      {content()}
      {adding && portfolio && <PlanDialog portfolio={portfolio} onClose={() => setAdding(false)} />}
    </>
  );
};
