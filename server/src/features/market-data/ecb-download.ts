/**
 * Downloads from the European Central Bank: in time, in size, and with a reason in words when it fails.
 *
 * Contents: DownloadError · download · DAILY_PATH, RECENT_PATH
 */
import { MAX_RATE_FILE_BYTES } from '@pm/contracts/market-data';

/** The ECB's file with the newest day, below its address of reference rates. */
export const DAILY_PATH = '/eurofxref-daily.xml';
/** The ECB's file with the last 90 days. */
export const RECENT_PATH = '/eurofxref-hist-90d.xml';

/** The whole download may take this long, in milliseconds. */
const TIMEOUT_MS = 20_000;

/** A download that failed; the message is a sentence for a person. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

/** How a download is limited. */
export type DownloadLimits = {
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Ends the download when the job is ended. */
  readonly signal?: AbortSignal;
};

/** Downloads a file. @throws {DownloadError} for every failure */
export const download = async (url: string, limits: DownloadLimits = {}): Promise<Uint8Array> => {
  const { timeoutMs = TIMEOUT_MS, maxBytes = MAX_RATE_FILE_BYTES } = limits;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = limits.signal === undefined ? timeout : AbortSignal.any([timeout, limits.signal]);
  try {
    const response = await fetch(url, {
      signal,
      headers: { accept: 'application/xml, text/xml, text/csv', 'user-agent': 'portfolio-manager' },
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new DownloadError(`The ECB answered with status ${response.status}.`);
    }
    return await readBody(response, maxBytes);
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    if (timeout.aborted) {
      throw new DownloadError(`The ECB did not answer in full within ${timeoutMs / 1000} seconds.`, {
        cause: error,
      });
    }
    if (limits.signal?.aborted === true) {
      throw new DownloadError('The download was interrupted.', { cause: error });
    }
    throw new DownloadError(`The ECB could not be reached (${reasonOf(error)}).`, { cause: error });
  }
};

const readBody = async (response: Response, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Typed as a stream of anything; fetch's bodies are bytes.
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new DownloadError(`The ECB sent more than ${maxBytes} bytes, which no rate file has.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** A Node error code such as ECONNREFUSED, which stands in the cause of fetch's own error. */
const reasonOf = (error: unknown): string => {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const code: unknown = Reflect.get(one, 'code');
    if (typeof code === 'string') return code;
  }
  return 'connection failed';
};
