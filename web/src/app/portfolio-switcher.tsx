import { Trans, useLingui } from '@lingui/react/macro';
import { Menu } from '@mantine/core';
import { IconCheck, IconPlus, IconSelector, IconStack2 } from '@tabler/icons-react';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { KindTag } from '../features/portfolios/kind-tag.tsx';
import { usePortfolioScope } from '../features/portfolios/scope.ts';
import { SharedTag } from '../features/portfolios/shared-tag.tsx';
import { Tag } from '../ui/coverage.tsx';
import classes from './frame.module.css';

/** Pages about one thing of a portfolio make no sense in another one: the switch leads to their list instead. */
const listOf = (path: string): '/holdings' | undefined =>
  path.startsWith('/holdings/') && path !== '/holdings/plans' ? '/holdings' : undefined;

export const useSwitchPortfolio = (): ((id: string | undefined) => void) => {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (portfolio) => {
    const to = listOf(path);
    void navigate(
      to === undefined
        ? {
            to: '.',
            search: (before: Record<string, unknown>) => ({
              ...before,
              holding: undefined,
              instrument: undefined,
              instruments: undefined,
              portfolio,
            }),
          }
        : { to, search: { portfolio } },
    );
  };
};

/** Chooses what every page is about. */
export const PortfolioSwitcher = () => {
  const { t } = useLingui();
  const { portfolios, portfolio } = usePortfolioScope();
  const change = useSwitchPortfolio();
  const navigate = useNavigate();
  const name = portfolio?.name ?? t`All portfolios`;
  return (
    <Menu position="bottom-start" width="target" offset={6}>
      <Menu.Target>
        <button type="button" className={classes['switcher']} aria-label={t`Portfolio: ${name}. Change`}>
          <span className={classes['switcherName']}>{name}</span>
          <IconSelector aria-hidden size={16} className={classes['switcherIcon']} />
        </button>
      </Menu.Target>
      <Menu.Dropdown miw={220}>
        <Menu.Item
          leftSection={<IconStack2 size={16} />}
          rightSection={portfolio === null ? <IconCheck size={15} /> : null}
          onClick={() => change(undefined)}
        >
          <Trans>All portfolios</Trans>
        </Menu.Item>
        {(portfolios ?? []).length > 0 && <Menu.Divider />}
        {portfolios?.map((one) => (
          <Menu.Item
            key={one.id}
            rightSection={one.id === portfolio?.id ? <IconCheck size={15} /> : null}
            onClick={() => change(one.id)}
          >
            {one.name}{' '}
            {one.isDemo && (
              <Tag>
                <Trans>demo</Trans>
              </Tag>
            )}{' '}
            <KindTag of={one} /> <SharedTag of={one} />
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlus size={16} />}
          onClick={() =>
            void navigate({
              to: '.',
              search: (before: Record<string, unknown>) => ({ ...before, dialog: 'new-portfolio' as const }),
            })
          }
        >
          <Trans>New portfolio</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
