/**
 * `COPY` on the bare driver, which has the messages for it but no method.
 *
 * Contents: copyIn · copyOut
 */
import type pg from 'pg';

/** The part of the driver's connection that its types leave out. */
type CopyConnection = pg.Connection & { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void };

/** What the driver calls on a statement that it is handed. */
class Copy implements pg.Submittable {
  readonly #text: string;
  readonly #input: Buffer | undefined;
  readonly #output: Buffer[] = [];
  readonly #done = Promise.withResolvers<Buffer>();

  constructor(text: string, input?: Buffer) {
    this.#text = text;
    this.#input = input;
  }

  get done(): Promise<Buffer> {
    return this.#done.promise;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    if (this.#input !== undefined) connection.sendCopyFromChunk(this.#input);
    connection.endCopyFrom();
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.#output.push(Buffer.from(chunk));
  }

  handleCommandComplete(): void {
    this.#done.resolve(Buffer.concat(this.#output));
  }

  handleReadyForQuery(): void {
    // The end was said by the command already; the driver wants to be able to tell.
  }

  handleError(error: Error): void {
    this.#done.reject(error);
  }
}

const run = async (client: pg.ClientBase, copy: Copy): Promise<Buffer> => {
  client.query(copy);
  return copy.done;
};

/** `COPY … FROM STDIN` of text in PostgreSQL's own format. */
export const copyIn = async (client: pg.ClientBase, text: string, rows: Buffer): Promise<void> => {
  await run(client, new Copy(text, rows));
};

/** `COPY … TO STDOUT`, in the same format. */
export const copyOut = async (client: pg.ClientBase, text: string): Promise<Buffer> =>
  run(client, new Copy(text));
