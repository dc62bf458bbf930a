/** Why a file was refused. The code is stable; the message is a sentence for the person who sent the file. */
export type FormatErrorCode =
  | 'empty'
  | 'too_large'
  | 'binary'
  | 'wrong_encoding'
  | 'html'
  | 'workbook'
  | 'workbook_protected'
  | 'workbook_damaged'
  | 'workbook_too_large'
  | 'several_sheets'
  | 'xml'
  | 'xml_doctype'
  | 'malformed_xml'
  | 'not_recognised'
  | 'malformed_json'
  | 'no_weight_column'
  | 'no_identity_column'
  | 'duplicate_column'
  | 'no_rows'
  | 'too_many_rows'
  | 'truncated'
  | 'malformed_row'
  | 'invalid_number'
  | 'ambiguous_numbers';

/** A constituent file that cannot be taken. Nothing of it may be stored. */
export class FormatError extends Error {
  readonly code: FormatErrorCode;
  /** Column or subject at fault, where there is one. */
  readonly field: string | undefined;
  /** Line of the file at fault, counted from 1, where there is one. */
  readonly rowNumber: number | undefined;

  constructor(
    code: FormatErrorCode,
    message: string,
    at: { readonly field?: string; readonly rowNumber?: number } = {},
  ) {
    super(message);
    this.name = 'FormatError';
    this.code = code;
    this.field = at.field;
    this.rowNumber = at.rowNumber;
  }
}
