/**
 * What runs inside the page. Each function is sent to the browser as text: it may use nothing from outside itself.
 *
 * Contents: keepDiary · readDiary · measureOverflow · readVisibleTexts · readTable · paintedColours ·
 * readScriptBytes
 */

/** What the page's own observers saw since it was last read. */
export type Diary = {
  /** Sum of layout shifts that no input caused. */
  readonly shift: number;
  /** What shifted, most recent last. */
  readonly shifted: readonly string[];
  /** Violations of the content security policy. */
  readonly policy: readonly string[];
};

type DiaryWindow = typeof globalThis & {
  journeyDiary?: { shift: number; shifted: string[]; policy: string[] };
};

/** Starts observing; runs before any script of the page. */
export const keepDiary = (): void => {
  const diary: { shift: number; shifted: string[]; policy: string[] } = { shift: 0, shifted: [], policy: [] };
  (globalThis as DiaryWindow).journeyDiary = diary;
  document.addEventListener('securitypolicyviolation', (event) => {
    diary.policy.push(`${event.violatedDirective} refused ${event.blockedURI} (${event.sourceFile})`);
  });
  type Shift = PerformanceEntry & {
    value: number;
    hadRecentInput: boolean;
    sources: readonly { node: Node | null }[];
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) {
      if (entry.hadRecentInput) continue;
      diary.shift += entry.value;
      const where = entry.sources.map(({ node }) => {
        const element = node instanceof Element ? node : (node?.parentElement ?? null);
        return element === null ? '?' : `${element.localName}.${element.className}`.slice(0, 60);
      });
      diary.shifted.push(`${entry.value.toFixed(3)} ${where.join(', ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
};

/** Reads the diary and starts a new page of it. */
export const readDiary = (): Diary => {
  const diary = (globalThis as DiaryWindow).journeyDiary ?? { shift: 0, shifted: [], policy: [] };
  const { shift, shifted, policy } = diary;
  (globalThis as DiaryWindow).journeyDiary = { shift: 0, shifted: [], policy: [] };
  return { shift, shifted, policy };
};

/** How far the page is wider than its window, and the elements to blame. */
export const measureOverflow = (): { readonly pixels: number; readonly blame: readonly string[] } => {
  const root = document.scrollingElement ?? document.documentElement;
  const pixels = root.scrollWidth - root.clientWidth;
  if (pixels <= 0) return { pixels: 0, blame: [] };
  const scrolls = (element: Element | null): boolean => {
    for (let at = element; at !== null && at !== root && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== 'visible') return true;
    }
    return false;
  };
  const blame = [...document.body.querySelectorAll('*')]
    .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(one.parentElement))
    .map(
      (one) => `${one.localName}.${String(one.className)}: ${(one.textContent ?? '').trim().slice(0, 40)}`,
    );
  return { pixels, blame: blame.slice(0, 5) };
};

/** Every text that a person sees or hears: text on the page, names of controls, the title. */
export const readVisibleTexts = (): string[] => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = (node.textContent ?? '').trim();
    if (text === '' || parent === null) continue;
    // Keys, and the names of languages and time zones, which the browser writes.
    const unread = 'script, style, noscript, kbd, select[name="locale"], select[name="timezone"]';
    if (parent.closest(unread) !== null) continue;
    if (parent.localName === 'option' || parent.checkVisibility()) texts.push(text);
  }
  for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      const text = element.getAttribute(name)?.trim() ?? '';
      if (text !== '') texts.push(text);
    }
  }
  return texts;
};

/** The rows of the table with this caption, as texts; the heading row first. */
export const readTable = (caption: string): string[][] => {
  const table = [...document.querySelectorAll('table')].find((one) => one.caption?.textContent === caption);
  if (table === undefined) throw new Error(`There is no table called "${caption}"`);
  const read = (cell: HTMLElement): string => cell.innerText.replace(/\s*, how\?/u, '').trim();
  const rows = [...table.rows].filter((row) => row.ariaHidden !== 'true');
  return rows.map((row) => [...row.cells].map(read));
};

/** How many colours a canvas shows: a picture that was not drawn has one. */
export const paintedColours = (canvas: Element): number => {
  if (!(canvas instanceof HTMLCanvasElement)) return 0;
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
  const colours = new Set<number>();
  for (let at = 0; at < pixels.length; at += 4 * 97) {
    colours.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0));
  }
  return colours.size;
};

/** Compressed bytes of each script of this load of the page, from the network or from the browser's memory. */
export const readScriptBytes = (): number[] =>
  performance
    .getEntriesByType('resource')
    .flatMap((one) =>
      one instanceof PerformanceResourceTiming && new URL(one.name).pathname.endsWith('.js')
        ? [one.encodedBodySize]
        : [],
    );
