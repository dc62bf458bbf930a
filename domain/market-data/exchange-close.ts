/**
 * When exchanges close, so that a daily price has its moment. Regular sessions; half days before holidays are not known.
 *
 * Contents: closeOfDay · exchangeZone
 */

/** Closing time and time zone by market (ISO 10383), from the exchanges' published trading hours. */
const CLOSES: Readonly<Record<string, readonly [time: string, zone: string]>> = {
  XLON: ['16:30', 'Europe/London'],
  XDUB: ['16:30', 'Europe/Dublin'],
  XPAR: ['17:30', 'Europe/Paris'],
  XAMS: ['17:30', 'Europe/Amsterdam'],
  XBRU: ['17:30', 'Europe/Brussels'],
  XLIS: ['16:30', 'Europe/Lisbon'],
  XETR: ['17:30', 'Europe/Berlin'],
  XFRA: ['22:00', 'Europe/Berlin'],
  XMIL: ['17:30', 'Europe/Rome'],
  XMAD: ['17:30', 'Europe/Madrid'],
  XSWX: ['17:30', 'Europe/Zurich'],
  XWBO: ['17:30', 'Europe/Vienna'],
  XSTO: ['17:30', 'Europe/Stockholm'],
  XCSE: ['17:00', 'Europe/Copenhagen'],
  XHEL: ['18:30', 'Europe/Helsinki'],
  XOSL: ['16:20', 'Europe/Oslo'],
  XWAR: ['17:00', 'Europe/Warsaw'],
  XNYS: ['16:00', 'America/New_York'],
  XNAS: ['16:00', 'America/New_York'],
  XASE: ['16:00', 'America/New_York'],
  ARCX: ['16:00', 'America/New_York'],
  BATS: ['16:00', 'America/New_York'],
  XTSE: ['16:00', 'America/Toronto'],
  XTKS: ['15:30', 'Asia/Tokyo'],
  XHKG: ['16:00', 'Asia/Hong_Kong'],
  XASX: ['16:00', 'Australia/Sydney'],
  XJSE: ['17:00', 'Africa/Johannesburg'],
  XTAE: ['17:25', 'Asia/Jerusalem'],
};

/** For markets that are not in the table, and for what trades on none: late enough for Europe, and the same day everywhere. */
const OTHERWISE = ['17:00', 'UTC'] as const;

const closeOf = (mic: string | null): readonly [string, string] =>
  (mic !== null && Object.hasOwn(CLOSES, mic) ? CLOSES[mic] : undefined) ?? OTHERWISE;

/** The moment at which the market closes on a day: what a daily bar of that day is stored under. */
export const closeOfDay = (day: Temporal.PlainDate, mic: string | null): Temporal.Instant => {
  const [time, timeZone] = closeOf(mic);
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).toInstant();
};

/** The time zone of a market; UTC when it is not known. */
export const exchangeZone = (mic: string | null): string => closeOf(mic)[1];
