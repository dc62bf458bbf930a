/**
 * Pictures as files. What a picture shows is written above it, so that it still says so where nobody sees the page.
 *
 * Contents: Caption · savePicture
 */
import type { EChartsType } from 'echarts/core';
import { download } from '../../lib/download.ts';
import type { ChartTheme, EChartsOption } from './option.ts';

/** The lines above a saved picture. */
export type Caption = { readonly title: string; readonly about: string | undefined };

type Saved = {
  readonly name: string;
  readonly chart: EChartsType;
  readonly option: EChartsOption;
  readonly theme: ChartTheme;
  readonly caption: Caption;
};

const EDGE_PX = 20;
const TITLE_PX = 17;
const ABOUT_PX = 12.5;
const TITLE_BASE_PX = 36;
const ABOUT_BASE_PX = 57;
const HEAD_PX = 74;
/** Sharp enough for print. */
const PIXEL_RATIO = 3;

/** Cuts a line at the last word that fits into `width`, as `measure` has it. */
const fitted = (text: string, width: number, measure: (text: string) => number): string => {
  if (measure(text) <= width) return text;
  let end = text.length;
  while (end > 1 && measure(`${text.slice(0, end)}…`) > width) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
};

const fontOf = (theme: ChartTheme, px: number, weight: number): string => `${weight} ${px}px ${theme.font}`;

const savePng = async ({ name, chart, theme, caption }: Saved): Promise<void> => {
  const drawn = chart.renderToCanvas({ pixelRatio: PIXEL_RATIO, backgroundColor: theme.page });
  const [width, height] = [chart.getWidth() + 2 * EDGE_PX, chart.getHeight() + HEAD_PX + EDGE_PX];
  const canvas = document.createElement('canvas');
  canvas.width = width * PIXEL_RATIO;
  canvas.height = height * PIXEL_RATIO;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.scale(PIXEL_RATIO, PIXEL_RATIO);
  pen.fillStyle = theme.page;
  pen.fillRect(0, 0, width, height);
  const write = (text: string, base: number, px: number, weight: number, colour: string): void => {
    pen.font = fontOf(theme, px, weight);
    pen.fillStyle = colour;
    pen.fillText(
      fitted(text, width - 2 * EDGE_PX, (some) => pen.measureText(some).width),
      EDGE_PX,
      base,
    );
  };
  write(caption.title, TITLE_BASE_PX, TITLE_PX, 640, theme.ink);
  if (caption.about !== undefined) write(caption.about, ABOUT_BASE_PX, ABOUT_PX, 400, theme.quiet);
  pen.drawImage(drawn, EDGE_PX, HEAD_PX, chart.getWidth(), chart.getHeight());
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download(`${name}.png`, blob);
};

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);

/** An SVG document around the drawing, which keeps its own coordinates. */
export const svgDocument = (
  drawing: string,
  size: { readonly width: number; readonly height: number },
  theme: Pick<ChartTheme, 'page' | 'ink' | 'quiet' | 'font'>,
  { title, about }: Caption,
): string => {
  const [width, height] = [size.width + 2 * EDGE_PX, size.height + HEAD_PX + EDGE_PX];
  const font = escaped(theme.font);
  const line = (text: string, base: number, px: number, weight: number, colour: string): string =>
    `<text x="${EDGE_PX}" y="${base}" font-family="${font}" font-size="${px}" font-weight="${weight}" fill="${colour}">${escaped(text)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${theme.page}"/>`,
    line(title, TITLE_BASE_PX, TITLE_PX, 640, theme.ink),
    ...(about === undefined ? [] : [line(about, ABOUT_BASE_PX, ABOUT_PX, 400, theme.quiet)]),
    `<svg x="${EDGE_PX}" y="${HEAD_PX}" width="${size.width}" height="${size.height}">`,
    drawing,
    '</svg></svg>',
  ].join('\n');
};

const saveSvg = async ({ name, chart, option, theme, caption }: Saved): Promise<void> => {
  const { svgOf } = await import('./engine.ts');
  const size = { width: chart.getWidth(), height: chart.getHeight() };
  const drawing = await svgOf({ ...option, backgroundColor: theme.page }, size.width, size.height);
  download(`${name}.svg`, new Blob([svgDocument(drawing, size, theme, caption)], { type: 'image/svg+xml' }));
};

/** Offers a picture as a file, with the page's background, its title and what it is about. */
export const savePicture = (how: 'png' | 'svg', saved: Saved): Promise<void> =>
  how === 'png' ? savePng(saved) : saveSvg(saved);
