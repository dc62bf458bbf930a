export type { ConstituentFormat } from './constituent-format.ts';
export { FormatError, type FormatErrorCode } from './format-error.ts';
export { MAX_FILE_BYTES, MAX_ROWS, MAX_WEIGHT_SUM_PCT, MIN_WEIGHT_SUM_PCT } from './limits.ts';
export { CONSTITUENT_FORMATS, readConstituentFile } from './read.ts';
export { weightSumProblem } from './sheet.ts';
export type { Hint, Source } from './source.ts';
