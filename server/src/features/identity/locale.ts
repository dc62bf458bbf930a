/** Locales and time zones as this host knows them. */
import { badRequest } from '#platform/errors.ts';

/**
 * The canonical form of a locale: `en-gb` becomes `en-GB`.
 * @throws {AppError} 400 `unknown_locale` when it is not BCP 47 or no numbers can be written in it
 */
export const readLocale = (locale: string): string => {
  try {
    const [canonical] = Intl.getCanonicalLocales(locale);
    if (canonical !== undefined && Intl.NumberFormat.supportedLocalesOf(canonical).length > 0) {
      return canonical;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw badRequest('unknown_locale', 'The locale must be one such as en-GB or de-CH.', 'locale');
};

/**
 * A time zone by its IANA name, in its proper case. Offsets such as +01:00 are refused: they know no summer time.
 * @throws {AppError} 400 `unknown_timezone`
 */
export const readTimezone = (timezone: string): string => {
  try {
    if (/^[A-Za-z]/u.test(timezone)) {
      const known = new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone;
      // Older names stay as they were typed (Asia/Kolkata, which the host may call Asia/Calcutta).
      return known.toLowerCase() === timezone.toLowerCase() ? known : timezone;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw badRequest(
    'unknown_timezone',
    'The time zone must be an IANA name such as Europe/London.',
    'timezone',
  );
};
