import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import {
  IconChartDots3,
  IconChartTreemap,
  IconLayoutDashboard,
  IconListDetails,
  IconScale,
  IconSettings,
  IconVersions,
  type Icon,
} from '@tabler/icons-react';

export type Place = {
  readonly to: '/' | '/holdings' | '/look-through' | '/targets' | '/drafts' | '/markets' | '/settings';
  readonly name: MessageDescriptor;
  readonly icon: Icon;
};

/** The pages of the rail and the bottom bar, in their order. Only pages that exist stand here. */
export const PLACES: readonly Place[] = [
  { to: '/', name: msg`Overview`, icon: IconLayoutDashboard },
  { to: '/holdings', name: msg`Holdings`, icon: IconListDetails },
  { to: '/look-through', name: msg`Look-through`, icon: IconChartTreemap },
  { to: '/targets', name: msg`Targets`, icon: IconScale },
  { to: '/drafts', name: msg`Drafts`, icon: IconVersions },
  { to: '/markets', name: msg`Markets`, icon: IconChartDots3 },
  { to: '/settings', name: msg`Settings`, icon: IconSettings },
];
