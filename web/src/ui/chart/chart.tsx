import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Menu, SegmentedControl, useComputedColorScheme } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { EChartsType } from 'echarts/core';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import classes from './chart.module.css';
import { toast } from '../toasts.tsx';
import { chartTheme, type ChartTheme, type EChartsOption } from './option.ts';
import type { savePicture } from './save.ts';

/** One mark of a picture, in reading order: what the arrow keys step through. */
export type Mark = {
  readonly key: string;
  /** What it says: name and figure. */
  readonly label: string;
  /** Where ECharts finds it. */
  readonly at: { readonly seriesIndex: number; readonly dataIndex?: number; readonly name?: string };
  readonly pick?: (() => void) | undefined;
};

export type ChartProps = {
  /** What the picture shows, as its title and for people who do not see it. */
  readonly label: string;
  /** The picture for a theme and a width in pixels. */
  readonly build: (theme: ChartTheme, width: number) => EChartsOption;
  readonly marks: readonly Mark[];
  /** Finds the mark under the pointer. */
  readonly markOf: (event: { name: string; dataIndex: number; data: unknown }) => Mark | undefined;
  /** Pixels, or a length of the stylesheet: `cqi` is a hundredth of the width there is. */
  readonly height: number | string;
  readonly exportName: string;
  /** The same figures as a table; left out where the page shows that table below the picture anyway. */
  readonly table?: ReactNode;
  /** What a saved picture says under its title: of what, which day. */
  readonly about?: string | undefined;
  /** Which of the two is shown, where the address holds it; otherwise the picture keeps it to itself. */
  readonly show?: ChartShows | undefined;
  readonly onShow?: ((show: ChartShows) => void) | undefined;
};

export type ChartShows = 'picture' | 'table';

/** What every kind of picture hands on: its file, its table, which of the two is shown. */
export type ChartAround = Pick<ChartProps, 'exportName' | 'table' | 'about' | 'show' | 'onShow'>;
export const around = ({ exportName, table, about, show, onShow }: ChartAround): ChartAround => ({
  exportName,
  table,
  about,
  show,
  onShow,
});

/** Pictures are laid out anew when their width changes by this many pixels. */
const WIDTH_STEP = 40;

const useTheme = (): ChartTheme => {
  const scheme = useComputedColorScheme('light');
  // The tokens change with the scheme, so it is the key although it is not read.
  return useMemo(() => ({ ...chartTheme(), scheme }), [scheme]);
};

/** Draws into `element` once the engine is loaded, redraws when the picture or the size changes. */
const useEngine = (
  option: EChartsOption,
  onClick: (event: { name: string; dataIndex: number; data: unknown }) => void,
) => {
  const element = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const [size, setSize] = useState('');
  const click = useRef(onClick);
  useLayoutEffect(() => {
    click.current = onClick;
  });
  useEffect(() => {
    let live = true;
    let made: EChartsType | null = null;
    const resizer = new ResizeObserver(([entry]) => {
      // What is hidden has no size, and a map cannot be laid out on nothing.
      if (!made || !entry || entry.contentRect.width === 0 || entry.contentRect.height === 0) return;
      made.resize();
      setChart(made);
      setSize(`${entry.contentRect.width} ${entry.contentRect.height}`);
    });
    const start = async (): Promise<void> => {
      const [{ startChart }] = await Promise.all([import('./engine.ts'), document.fonts.ready]);
      if (!live || !element.current) return;
      made = startChart(element.current);
      made.on('click', (event) =>
        click.current({ name: event.name, dataIndex: event.dataIndex ?? -1, data: event.data }),
      );
      resizer.observe(element.current);
    };
    void start();
    return () => {
      live = false;
      resizer.disconnect();
      made?.dispose();
    };
  }, []);
  useEffect(() => {
    // Rings that are drawn over earlier ones, or only made larger, lose their labels: so they are drawn anew.
    if (size === '') return;
    chart?.clear();
    chart?.setOption(option, { notMerge: true });
  }, [chart, option, size]);
  return { element, chart };
};

const useKeys = (chart: EChartsType | null, marks: readonly Mark[]) => {
  const [at, setAt] = useState(-1);
  const show = (next: number): void => {
    const before = marks[at];
    const mark = marks[next];
    if (before) chart?.dispatchAction({ type: 'downplay', ...before.at });
    setAt(next);
    if (!mark) return chart?.dispatchAction({ type: 'hideTip' });
    chart?.dispatchAction({ type: 'highlight', ...mark.at });
    chart?.dispatchAction({ type: 'showTip', ...mark.at });
  };
  const last = marks.length - 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: Math.min(at + 1, last),
    ArrowDown: Math.min(at + 1, last),
    ArrowLeft: Math.max(at - 1, 0),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: last,
    Escape: -1,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      marks[at]?.pick?.();
      return;
    }
    const next = steps[event.key];
    if (next === undefined || (event.key === 'Escape' && at === -1)) return;
    event.preventDefault();
    show(next);
  };
  return { current: marks[at], onKeyDown, leave: () => show(-1) };
};

type Saver = (how: 'png' | 'svg') => void;

const useWidth = (element: React.RefObject<HTMLDivElement | null>): number => {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const update = (): void => setWidth(Math.round(target.clientWidth / WIDTH_STEP) * WIDTH_STEP);
    update();
    const observer = new ResizeObserver(update);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
};

/** What saves is fetched when somebody saves. */
const savePictureLater = async (...saved: Parameters<typeof savePicture>): Promise<void> =>
  (await import('./save.ts')).savePicture(...saved);

const Picture = ({ props, onSaver }: { props: ChartProps; onSaver: (saver: Saver | null) => void }) => {
  const { t } = useLingui();
  const theme = useTheme();
  const { build, exportName, label, about } = props;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const option = useMemo(() => build(theme, width), [build, theme, width]);
  const { element, chart } = useEngine(option, (event) => props.markOf(event)?.pick?.());
  const keys = useKeys(chart, props.marks);
  const first = props.marks
    .slice(0, 3)
    .map((mark) => mark.label)
    .join('; ');
  useEffect(() => {
    const caption = { title: label, about };
    const save: Saver = (how) => {
      if (chart === null) return;
      void savePictureLater(how, { name: exportName, chart, option, theme, caption }).catch(() =>
        toast(t`That did not work.`, { tone: 'bad' }),
      );
    };
    onSaver(chart && save);
    return () => onSaver(null);
  }, [t, onSaver, chart, exportName, option, theme, label, about]);
  return (
    <>
      <div
        ref={frame}
        role="group"
        tabIndex={0}
        aria-roledescription={t`chart`}
        aria-label={t`${props.label}. ${first}. Arrow keys step through it, Enter opens.`}
        className={classes['canvas']}
        style={{ blockSize: props.height }}
        onKeyDown={keys.onKeyDown}
        onBlur={keys.leave}
      >
        <div ref={element} aria-hidden className={classes['surface']} />
      </div>
      <span className="sr-only" aria-live="polite">
        {keys.current?.label}
      </span>
    </>
  );
};

const SaveMenu = ({ saver }: { saver: Saver }) => {
  const { t } = useLingui();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t`Save this picture`}>
          <IconDownload size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => saver('png')}>
          <Trans>Save as PNG</Trans>
        </Menu.Item>
        <Menu.Item onClick={() => saver('svg')}>
          <Trans>Save as SVG</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

/** A picture with its table: one of the two is shown, the other is a key away. */
export const Chart = (props: ChartProps) => {
  const { t } = useLingui();
  const [own, setOwn] = useState<ChartShows>('picture');
  const view = props.onShow ? (props.show ?? 'picture') : own;
  const [saver, setSaver] = useState<Saver | null>(null);
  const keepSaver = useCallback((next: Saver | null) => setSaver(() => next), []);
  return (
    <figure className={classes['figure']}>
      <figcaption className={classes['caption']}>
        <span className={classes['label']}>{props.label}</span>
        <span className={classes['tools']}>
          {saver && <SaveMenu saver={saver} />}
          {props.table !== undefined && (
            <SegmentedControl
              size="xs"
              value={view}
              onChange={(next) => (props.onShow ?? setOwn)(next)}
              aria-label={t`Show as`}
              data={[
                { value: 'picture', label: t`Picture` },
                { value: 'table', label: t`Table` },
              ]}
            />
          )}
        </span>
      </figcaption>
      {view === 'picture' ? <Picture props={props} onSaver={keepSaver} /> : props.table}
    </figure>
  );
};
