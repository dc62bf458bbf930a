import { createContext, use, useMemo, type ReactNode } from 'react';
import { makeFormat, type Format } from './format.ts';

const browserFormat = (): Format => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return makeFormat({ locale: navigator.language, timeZone });
};

const FormatContext = createContext<Format | null>(null);

/** Writes figures for one person: their locale and time zone, or the browser's before they signed in. */
export const FormatProvider = (props: { locale?: string; timeZone?: string; children: ReactNode }) => {
  const { locale, timeZone } = props;
  const format = useMemo(
    () =>
      locale !== undefined && timeZone !== undefined ? makeFormat({ locale, timeZone }) : browserFormat(),
    [locale, timeZone],
  );
  return <FormatContext value={format}>{props.children}</FormatContext>;
};

export const useFormat = (): Format => {
  const format = use(FormatContext);
  return useMemo(() => format ?? browserFormat(), [format]);
};
