import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon } from '@mantine/core';
import { IconDots, IconSearch } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import { useId } from 'react';
import classes from './frame.module.css';
import { showPalette } from './palette-state.ts';
import { PLACES, PLACES_AT_HAND, type Place } from './places.ts';
import { PortfolioSwitcher } from './portfolio-switcher.tsx';
import { UserMenu } from './user-menu.tsx';

/** Drawn here and not fetched: it stands on every page, sometimes twice. */
export const BrandMark = () => (
  <svg aria-hidden viewBox="0 0 32 32" width={24} height={24} className={classes['brandMark']}>
    <rect width="32" height="32" rx="7" fill="#0f616b" />
    <path d="M7 7h11v11H7z" fill="#fff" />
    <path d="M20 7h5v11h-5zM7 20h7v5H7z" fill="#9ad4d9" />
    <path d="M16 20h9v5h-9z" fill="#56b3bb" />
  </svg>
);

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

type PlacesProps = {
  readonly places: readonly Place[];
  readonly link: string | undefined;
  readonly size: number;
};

const PlaceItems = ({ places, link, size }: PlacesProps) => {
  const { t } = useLingui();
  return places.map(({ to, name, icon: PlaceIcon }) => (
    <li key={to}>
      <Link to={to} className={link} activeOptions={{ exact: to === '/', includeSearch: false }}>
        <PlaceIcon aria-hidden size={size} stroke={1.7} />
        <span>{t(name)}</span>
      </Link>
    </li>
  ));
};

/** Left rail from 1,024 px. */
export const Rail = () => {
  const { t } = useLingui();
  return (
    <header className={classes['rail']}>
      <Link to="/" className={classes['brand']} aria-label={t`Portfolio Manager, overview`}>
        <BrandMark />
        <span>Portfolio Manager</span>
      </Link>
      <PortfolioSwitcher />
      <nav aria-label={t`Pages`}>
        <ul className={classes['nav']}>
          <PlaceItems places={PLACES} link={classes['link']} size={19} />
        </ul>
      </nav>
      <div className={classes['foot']}>
        <button type="button" className={classes['footButton']} onClick={() => showPalette(true)}>
          <IconSearch aria-hidden size={18} stroke={1.7} />
          <span className={classes['footText']}>
            <Trans>Find anything</Trans>
          </span>
          <kbd className={classes['keys']}>{isApple ? '⌘ K' : 'Ctrl K'}</kbd>
        </button>
        <UserMenu />
      </div>
    </header>
  );
};

/** What stands above the page on a small screen. */
export const TopBar = () => {
  const { t } = useLingui();
  return (
    <header className={classes['topBar']}>
      <PortfolioSwitcher />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={t`Find anything`}
        onClick={() => showPalette(true)}
      >
        <IconSearch size={20} stroke={1.7} />
      </ActionIcon>
      <UserMenu compact />
    </header>
  );
};

const AT_HAND = PLACES.slice(0, PLACES_AT_HAND);
const FURTHER = PLACES.slice(PLACES_AT_HAND);

/** The other places, above the bar. The browser itself opens, closes and hands the focus back. */
const More = () => {
  const id = useId();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const isHere = FURTHER.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <li>
      <button
        type="button"
        className={classes['tab']}
        popoverTarget={id}
        {...(isHere ? { 'data-status': 'active' } : {})}
      >
        <IconDots aria-hidden size={22} stroke={1.7} />
        <span>
          <Trans>More</Trans>
        </span>
      </button>
      <ul
        id={id}
        popover="auto"
        className={classes['more']}
        onClick={(event) => event.currentTarget.hidePopover()}
      >
        <PlaceItems places={FURTHER} link={classes['link']} size={20} />
      </ul>
    </li>
  );
};

/** Bottom bar below 1,024 px, within reach of a thumb. */
export const BottomBar = () => {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Pages`} className={classes['bottomBar']}>
      <ul className={classes['bottomNav']}>
        <PlaceItems places={AT_HAND} link={classes['tab']} size={22} />
        <More />
      </ul>
    </nav>
  );
};
