import { Trans, useLingui } from '@lingui/react/macro';
import { useCallback, useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { around, Chart, type ChartAround, type Mark } from './chart.tsx';
import { project, unproject } from './equal-earth.ts';
import { SHAPES, WORLD } from './engine-world.ts';
import { baseOption, tip, tooltipOption, type ChartTheme, type EChartsOption } from './option.ts';
import classes from './world-map.module.css';
import { STEPS, stepOf, stepWords } from './world-scale.ts';

export type Place = { readonly name: string; readonly percent: number };

type WorldMapProps = {
  readonly label: string;
  /** Shares by country in the product's names; what has no shape stands beside the map. */
  readonly places: readonly Place[];
  readonly onPick: (place: Place) => void;
} & ChartAround;

/** From the lightest to the deepest; the last one is for shares below zero. */
const SHADES = {
  light: ['#d3e6e8', '#a9d0d4', '#7cb6bd', '#4d97a0', '#23767f', '#084b54'],
  dark: ['#1d3a40', '#22545c', '#2b727b', '#42939c', '#6db7be', '#b4e2e5'],
  below: '#b5527c',
} as const;

const shadeOf = (percent: number, theme: ChartTheme): string => {
  const step = stepOf(percent);
  return step < 0 ? SHADES.below : ((theme.dark ? SHADES.dark : SHADES.light)[step] ?? theme.rule);
};

const mapOption = (
  theme: ChartTheme,
  places: readonly Place[],
  words: (hit: { name: string }) => HTMLElement | string,
  legend: readonly string[],
): EChartsOption => ({
  ...baseOption(theme),
  tooltip: tooltipOption(theme, words),
  visualMap: {
    type: 'piecewise',
    orient: 'horizontal',
    left: 0,
    bottom: 0,
    itemWidth: 16,
    itemHeight: 11,
    itemGap: 9,
    padding: 0,
    // It explains the colours; it does not choose among them.
    selectedMode: false,
    hoverLink: false,
    textStyle: { color: theme.quiet, fontSize: 11.5 },
    pieces: STEPS.map((from, step) => ({
      gte: from,
      ...(STEPS[step + 1] === undefined ? {} : { lt: STEPS[step + 1] }),
      color: shadeOf(from, theme),
      label: legend[step] ?? '',
    })),
    outOfRange: { color: theme.rule },
    seriesIndex: 0,
  },
  series: {
    type: 'map',
    map: WORLD,
    projection: {
      project: (place) => project(place as [number, number]),
      unproject: (place) => unproject(place as [number, number]),
    },
    roam: false,
    selectedMode: false,
    left: 0,
    right: 0,
    top: 0,
    bottom: 30,
    label: { show: false },
    itemStyle: { areaColor: theme.dark ? '#262e33' : '#ecece8', borderColor: theme.page, borderWidth: 0.6 },
    emphasis: {
      label: { show: false },
      itemStyle: { areaColor: 'inherit', borderColor: theme.ink, borderWidth: 1.4 },
    },
    data: places.map(({ name, percent }) => ({
      name,
      value: percent,
      itemStyle: { areaColor: shadeOf(percent, theme) },
    })),
  },
});

/** Countries that the map is too coarse for, and shares without a country: as buttons, so that nothing is lost. */
const Beside = ({ places, onPick }: { places: readonly Place[]; onPick: (place: Place) => void }) => {
  const format = useFormat();
  return (
    <div className={classes['beside']}>
      <p className={classes['head']}>
        <Trans>Too small for this map, or in no country</Trans>
      </p>
      <ul className={classes['list']}>
        {places.map((place) => (
          <li key={place.name}>
            <button type="button" className={classes['place']} onClick={() => onPick(place)}>
              <span>{place.name}</span>{' '}
              <span className={classes['figure']}>{format.percent(place.percent)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
};

/** The world in equal areas: the deeper a country's colour, the larger its share. */
const WorldMap = (props: WorldMapProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { places, onPick } = props;
  const drawn = useMemo(() => places.filter(({ name }) => SHAPES.has(name)), [places]);
  const beside = useMemo(() => places.filter(({ name }) => !SHAPES.has(name)), [places]);
  const legend = useMemo(
    () =>
      STEPS.map((_, step) =>
        stepWords(step, (figure) => format.percent(figure).replace(/[.,]00(?=\D*$)/u, '')),
      ),
    [format],
  );
  const build = useCallback(
    (theme: ChartTheme): EChartsOption => {
      const words = ({ name }: { name: string }): HTMLElement | string => {
        const place = drawn.find((one) => one.name === name);
        return tip(name, [place ? format.percent(place.percent) : t`nothing held there`]);
      };
      return mapOption(theme, drawn, words, legend);
    },
    [drawn, format, t, legend],
  );
  const marks = useMemo(
    (): Mark[] =>
      drawn.map((place) => ({
        key: place.name,
        label: t`${place.name}, ${format.percent(place.percent)}`,
        at: { seriesIndex: 0, name: place.name },
        pick: () => onPick(place),
      })),
    [drawn, t, format, onPick],
  );
  return (
    <div className={classes['root']}>
      <Chart
        label={props.label}
        build={build}
        marks={marks}
        markOf={({ name }) => marks.find((mark) => mark.key === name)}
        {...around(props)}
        height="max(200px, min(56cqi, 560px))"
      />
      {beside.length > 0 && props.show !== 'table' && <Beside places={beside} onPick={onPick} />}
    </div>
  );
};

export default WorldMap;
