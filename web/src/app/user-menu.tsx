import { Trans, useLingui } from '@lingui/react/macro';
import { Menu } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSettings,
  IconSun,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useSignOut } from '../features/identity/sign-out.ts';
import { meQuery } from '../lib/session.ts';
import classes from './frame.module.css';
import { useTheme, type Theme } from './theme-switch.tsx';

const THEMES: readonly { readonly theme: Theme; readonly icon: Icon }[] = [
  { theme: 'light', icon: IconSun },
  { theme: 'dark', icon: IconMoon },
  { theme: 'system', icon: IconDeviceDesktop },
];

export const useThemeName = (): ((theme: Theme) => string) => {
  const { t } = useLingui();
  return (theme) => ({ light: t`Light`, dark: t`Dark`, system: t`Like the system` })[theme];
};

const initials = (name: string): string =>
  name
    .split(/[\s@.]+/)
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');

/** The person's own menu: settings, theme, the way out. */
export const UserMenu = ({ compact }: { compact?: boolean }) => {
  const { t } = useLingui();
  const { data: me } = useQuery(meQuery);
  const { theme, change } = useTheme();
  const themeName = useThemeName();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const name = me?.name ?? me?.email ?? '';
  return (
    <Menu position={compact === true ? 'bottom-end' : 'top-start'} width={230}>
      <Menu.Target>
        <button
          type="button"
          className={classes['footButton']}
          style={compact === true ? { inlineSize: 'auto', padding: 6 } : {}}
        >
          <span className={classes['avatar']} aria-hidden>
            {initials(name)}
          </span>
          <span className="sr-only">{t`Your menu:`}</span>
          <span className={compact === true ? 'sr-only' : classes['footText']}>{name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me?.email}</Menu.Label>
        <Menu.Item
          leftSection={<IconSettings size={16} />}
          onClick={() => void navigate({ to: '/settings' })}
        >
          <Trans>Settings</Trans>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>
          <Trans>Theme</Trans>
        </Menu.Label>
        {THEMES.map(({ theme: one, icon: ThemeIcon }) => (
          <Menu.Item
            key={one}
            leftSection={<ThemeIcon size={16} />}
            rightSection={theme === one ? <IconCheck size={15} /> : null}
            onClick={() => change(one)}
          >
            {themeName(one)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
