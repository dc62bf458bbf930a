import { SaxesParser } from 'saxes';
import { FormatError } from './format-error.ts';
import { MAX_XML_DEPTH, MAX_XML_RUN } from './limits.ts';

export type Attributes = Readonly<Record<string, string>>;

/** Signs given to the parser at once. */
const STEP = 64 * 1024;

/** What a reader of XML is told, by local names: prefixes are the writer's choice. Text comes whole. */
export type XmlHandlers = {
  readonly open: (name: string, attributes: Attributes) => void;
  readonly close: (name: string) => void;
  readonly text: (text: string) => void;
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** An attribute by its local name. */
export const attribute = (attributes: Attributes, name: string): string | undefined => {
  const plain = attributes[name];
  if (plain !== undefined) return plain;
  const key = Object.keys(attributes).find((candidate) => candidate.endsWith(`:${name}`));
  return key === undefined ? undefined : attributes[key];
};

const unreadable = (code: 'malformed_xml' | 'truncated', why: string): FormatError =>
  new FormatError(code, `The file’s XML cannot be read: ${why}. Download it again.`);

/**
 * Reads XML as it comes, without building a tree. A DOCTYPE is refused whatever it declares, so that no entity can be
 * defined; nothing is ever fetched. Throws FormatError: `xml_doctype`, `malformed_xml`, and `truncated` at the end.
 */
export class XmlReader {
  readonly #parser = new SaxesParser({ xmlns: false, position: false });
  #depth = 0;
  /** Signs since an element began or ended. */
  #run = 0;
  #ending = false;

  constructor(handlers: XmlHandlers) {
    const parser = this.#parser;
    parser.on('error', (error) => {
      const why = error.message
        .replace(/^[\d:]+\s*/, '')
        .replace(/\.$/, '')
        .slice(0, 200);
      throw unreadable(
        this.#ending ? 'truncated' : 'malformed_xml',
        this.#ending ? `it is cut off or not well formed (${why})` : why,
      );
    });
    parser.on('doctype', () => {
      throw new FormatError(
        'xml_doctype',
        'The file declares a document type, which no issuer’s file does; it is not read. Download it from the issuer, or save the holdings as CSV.',
      );
    });
    parser.on('opentag', (tag) => {
      this.#depth += 1;
      this.#run = 0;
      if (this.#depth > MAX_XML_DEPTH) {
        throw unreadable('malformed_xml', `it is nested deeper than ${MAX_XML_DEPTH} levels`);
      }
      handlers.open(localName(tag.name), tag.attributes);
    });
    parser.on('closetag', (tag) => {
      this.#depth -= 1;
      this.#run = 0;
      handlers.close(localName(tag.name));
    });
    parser.on('text', handlers.text);
    parser.on('cdata', handlers.text);
  }

  write(text: string): void {
    for (let at = 0; at < text.length; at += STEP) {
      const piece = text.slice(at, at + STEP);
      this.#run += piece.length;
      this.#parser.write(piece);
      if (this.#run > MAX_XML_RUN) throw unreadable('malformed_xml', 'a text or a tag in it has no end');
    }
  }

  end(): void {
    this.#ending = true;
    this.#parser.close();
  }
}

/**
 * Reads a whole text as XML. Blanks before the declaration, as the SEC's archive has them, are passed over. `mend` is
 * given the text piece by piece, each up to the end of a tag.
 */
export const readXml = (
  text: string,
  handlers: XmlHandlers,
  mend: (piece: string) => string = (piece) => piece,
): void => {
  const reader = new XmlReader(handlers);
  const content = text.trim();
  for (let at = 0; at < content.length;) {
    const tagEnd = content.lastIndexOf('>', at + STEP) + 1;
    const end = tagEnd > at ? tagEnd : at + STEP;
    reader.write(mend(content.slice(at, end)));
    at = end;
  }
  reader.end();
};
