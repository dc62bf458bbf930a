import { FormatError } from './format-error.ts';
import { MAX_CELL_CHARS, MAX_ROWS } from './limits.ts';
import { readXml, type Attributes } from './xml.ts';

/**
 * Values of an element's children by path below it: `identifiers/isin@value`, `derivativeInfo/futrDeriv/notionalAmt`.
 * The first of several counts.
 */
export type Values = ReadonlyMap<string, string>;

/** A filing of Form N-PORT: what it says of itself, and its investments in the order of the filing. */
export type Filing = { readonly about: Values; readonly investments: readonly Values[] };

const ABOUT = /^edgarSubmission\/(?:formData\/(?:genInfo|fundInfo)|headerData)\//;
/** What is read of an investment; the rest (debts' terms, lending) is long and not needed. */
const READ =
  /^(?:[A-Za-z]+(?:@\w+)?|identifiers\/\w+@\w+|derivativeInfo\/\w+(?:@\w+|\/(?:notionalAmt|curCd|amtCurSold|curSold|amtCurPur|curPur))?)$/;
const MAX_VALUES_OF_ABOUT = 1_000;

class FilingReader {
  readonly about = new Map<string, string>();
  readonly investments: Values[] = [];
  readonly #path: string[] = [];
  #values: Map<string, string> | null = null;
  #investmentDepth = 0;
  #text = '';

  open(name: string, attributes: Attributes): void {
    this.#path.push(name);
    this.#text = '';
    if (name === 'invstOrSec' && this.#values === null) {
      this.#values = new Map();
      this.#investmentDepth = this.#path.length;
      return;
    }
    for (const key of Object.keys(attributes)) {
      this.#keep(`@${key.slice(key.indexOf(':') + 1)}`, attributes[key] ?? '');
    }
  }

  text(text: string): void {
    if (this.#text.length <= MAX_CELL_CHARS) this.#text += text;
  }

  close(): void {
    if (this.#values !== null && this.#path.length === this.#investmentDepth) {
      this.investments.push(this.#values);
      this.#values = null;
      if (this.investments.length > MAX_ROWS) {
        throw new FormatError(
          'too_many_rows',
          `The filing has more than ${MAX_ROWS.toLocaleString('en-GB')} investments; no fund holds that many.`,
        );
      }
    } else this.#keep('', this.#text);
    this.#path.pop();
    this.#text = '';
  }

  #keep(suffix: string, written: string): void {
    const value = written.trim().slice(0, MAX_CELL_CHARS);
    if (value === '') return;
    if (this.#values === null) {
      const path = this.#path.join('/') + suffix;
      const key = path.replace(ABOUT, '');
      if (key !== path && !this.about.has(key) && this.about.size < MAX_VALUES_OF_ABOUT) {
        this.about.set(key, value);
      }
      return;
    }
    const key = this.#path.slice(this.#investmentDepth).join('/') + suffix;
    if (READ.test(key) && !this.#values.has(key)) this.#values.set(key, value);
  }
}

/** Reads a filing. Throws FormatError: `malformed_xml`, `xml_doctype`, `truncated`, `too_many_rows`. */
export const readFiling = (text: string): Filing => {
  const reader = new FilingReader();
  readXml(text, {
    open: (name, attributes) => reader.open(name, attributes),
    close: () => reader.close(),
    text: (piece) => reader.text(piece),
  });
  return reader;
};

/** A child's own value, or the attribute of its "conditional" form: `assetCat`, or `assetConditional@assetCat`. */
export const either = (values: Values, plain: string, conditional: string): string | null =>
  values.get(plain) ?? values.get(`${conditional}@${plain}`) ?? null;

/** What filers write where they have nothing to say. */
export const said = (value: string | null | undefined): string | null =>
  value === null || value === undefined || /^(?:n\/?a|none|0+|x{2,})$/i.test(value) ? null : value;
