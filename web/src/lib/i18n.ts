import { i18n } from '@lingui/core';

/** The language of the words. Figures follow the person's locale, which is a setting of its own. */
type Catalogue = 'en-GB' | 'pseudo';

const KEY = 'pm-language';

const wanted = (): Catalogue => {
  try {
    return localStorage.getItem(KEY) === 'pseudo' ? 'pseudo' : 'en-GB';
  } catch {
    return 'en-GB';
  }
};

/** Loads the words before the first paint; the pseudo-locale shows strings that nobody put into the catalogue. */
export const loadLanguage = async (): Promise<void> => {
  const language = wanted();
  const { messages } =
    language === 'pseudo' ? await import('../locales/pseudo.po') : await import('../locales/en-GB.po');
  i18n.loadAndActivate({ locale: language, messages });
};

export { i18n };
