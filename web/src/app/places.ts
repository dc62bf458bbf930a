import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import {
  IconChartDots3,
  IconChartLine,
  IconChartTreemap,
  IconCoins,
  IconLayoutDashboard,
  IconListDetails,
  IconScale,
  IconSettings,
  IconVersions,
  type Icon,
} from '@tabler/icons-react';

export type Place = {
  readonly to:
    | '/'
    | '/holdings'
    | '/look-through'
    | '/targets'
    | '/performance'
    | '/income'
    | '/drafts'
    | '/markets'
    | '/settings';
  readonly name: MessageDescriptor;
  readonly icon: Icon;
};

/** The pages of the rail and the bottom bar, in their order. Only pages that exist stand here. */
export const PLACES: readonly Place[] = [
  { to: '/', name: msg`Overview`, icon: IconLayoutDashboard },
  { to: '/holdings', name: msg`Holdings`, icon: IconListDetails },
  { to: '/look-through', name: msg`Look-through`, icon: IconChartTreemap },
  { to: '/targets', name: msg`Targets`, icon: IconScale },
  { to: '/performance', name: msg`Performance`, icon: IconChartLine },
  { to: '/income', name: msg`Income`, icon: IconCoins },
  { to: '/drafts', name: msg`Drafts`, icon: IconVersions },
  { to: '/markets', name: msg`Markets`, icon: IconChartDots3 },
  { to: '/settings', name: msg`Settings`, icon: IconSettings },
];

/** So many stand in the bottom bar itself, with room for their names; the others behind “More”. */
export const PLACES_AT_HAND = 4;
