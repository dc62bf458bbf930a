import { useLingui } from '@lingui/react/macro';
import { NativeSelect, SegmentedControl } from '@mantine/core';
import { IconChartBar, IconChartDonut4, IconChartTreemap, IconWorld } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import classes from './look-through.module.css';
import type { Division, View } from './view.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/app/look-through');

const ICONS = { bars: IconChartBar, treemap: IconChartTreemap, sunburst: IconChartDonut4, map: IconWorld };

/** By what the whole is divided: one link each, so that each has its address. */
const Divisions = ({ view }: { view: View }) => {
  const { t } = useLingui();
  const words = useWords();
  return (
    <nav aria-label={t`Divide by`} className={classes['views']}>
      {view.divisions.map((one) => (
        <Link
          key={one}
          to="."
          className={classes['view']}
          resetScroll={false}
          activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
          search={(before: Record<string, unknown>) =>
            one === view.by
              ? before
              : {
                  ...before,
                  by: one,
                  inner: undefined,
                  issuer: undefined,
                  show: undefined,
                  // The map knows countries only.
                  picture: before['picture'] === 'map' ? undefined : before['picture'],
                }
          }
        >
          {words.divisions[one].many}
        </Link>
      ))}
    </nav>
  );
};

const Pictures = ({ view }: { view: View }) => {
  const { t } = useLingui();
  const words = useWords();
  const navigate = route.useNavigate();
  return (
    <SegmentedControl
      size="sm"
      value={view.picture}
      aria-label={t`Picture`}
      className={classes['pictures'] ?? ''}
      data={view.pictures.map((picture) => {
        const Icon = ICONS[picture];
        return {
          value: picture,
          label: (
            <span className={classes['picture']}>
              <Icon aria-hidden size={16} stroke={1.7} />
              {words.pictures[picture]}
            </span>
          ),
        };
      })}
      onChange={(next) =>
        void navigate({
          search: (before) => ({ ...before, picture: next, show: undefined }),
          resetScroll: false,
        })
      }
    />
  );
};

/** The second ring of treemap and sunburst. */
const Then = ({ view }: { view: View }) => {
  const { t } = useLingui();
  const words = useWords();
  const navigate = route.useNavigate();
  return (
    <NativeSelect
      size="sm"
      aria-label={t`Then by`}
      value={view.inner}
      className={classes['then'] ?? ''}
      data={view.seconds.map((one) => ({
        value: one,
        label: t`then ${words.divisions[one].many.toLowerCase()}`,
      }))}
      onChange={(event) => {
        const inner = event.currentTarget.value as Division;
        void navigate({ search: (before) => ({ ...before, inner }), resetScroll: false });
      }}
    />
  );
};

/** What is drawn, and how. */
export const Divide = ({ view }: { view: View }) => {
  const isNested = view.picture === 'treemap' || view.picture === 'sunburst';
  return (
    <>
      <Divisions view={view} />
      <div className={classes['drawn']}>
        <Pictures view={view} />
        {isNested && view.seconds.length > 1 && <Then view={view} />}
      </div>
    </>
  );
};
