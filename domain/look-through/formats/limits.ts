/** The largest file that is looked at. The largest real one known has 12,000 rows and 2 MB. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Constituents of one fund. The largest funds hold about 20,000. */
export const MAX_ROWS = 100_000;
/** Lines before the header in which it is looked for. The longest real preamble has 19. */
export const MAX_PREAMBLE_LINES = 60;
export const MAX_COLUMNS = 200;
/** Signs of one cell of a constituent. Legal footers are longer and are not cells of constituents. */
export const MAX_CELL_CHARS = 1_000;
/** Levels of a JSON file. */
export const MAX_JSON_DEPTH = 20;
/** Published weights must sum to this much or the file is refused unless forced; real files sum to 97.8–100.25. */
export const MIN_WEIGHT_SUM_PCT = 98;
export const MAX_WEIGHT_SUM_PCT = 102;
/** Bytes of a workbook's parts after unpacking, all that are read together; checked while unpacking. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** A part that unpacks to more than `RATIO_FREE_BYTES` may be at most this many times its packed size; real ones reach 75. */
export const MAX_UNPACK_RATIO = 200;
export const RATIO_FREE_BYTES = 1024 * 1024;
/** Parts of a workbook. Real ones have about 15, and one more for each sheet and picture. */
export const MAX_ZIP_ENTRIES = 2_000;
/** Sheets of a workbook. Real ones have up to ten. */
export const MAX_SHEETS = 200;
/** Signs of XML without an element that begins or ends: one text or one tag. Excel's cells have up to 32,767 signs. */
export const MAX_XML_RUN = 1024 * 1024;
/** Levels of an XML file; issuers' have about ten. */
export const MAX_XML_DEPTH = 64;
