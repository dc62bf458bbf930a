/**
 * A stand-in for the European Central Bank's web server, on this machine and a free port.
 *
 *   const ecb = await startEcbStub();
 *   ecb.answer('/eurofxref-daily.xml', { body: ecbXml({ '2026-11-20': { USD: '1.0861', GBP: '0.8512' } }) });
 *   … ECB_BASE_URL = ecb.url …
 *   ecb.requests                       // the paths that were asked for, in order
 *   await ecb.close();
 */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Paths below `ECB_BASE_URL`, as the ECB publishes them. */
export const ECB_DAILY = '/eurofxref-daily.xml';
export const ECB_90_DAYS = '/eurofxref-hist-90d.xml';

/** Rates by day and currency, as units per euro. */
export type RatesByDay = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A body in the form of the ECB's XML files: the days as given, the newest first as it publishes them. */
export const ecbXml = (days: RatesByDay): string => {
  const cubes = Object.entries(days).map(([day, rates]) => {
    const rows = Object.entries(rates).map(
      ([code, rate]) => `\t\t\t<Cube currency='${code}' rate='${rate}'/>\n`,
    );
    return `\t\t<Cube time='${day}'>\n${rows.join('')}\t\t</Cube>\n`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">\n' +
    '\t<gesmes:subject>Reference rates</gesmes:subject>\n' +
    '\t<gesmes:Sender>\n\t\t<gesmes:name>European Central Bank</gesmes:name>\n\t</gesmes:Sender>\n' +
    `\t<Cube>\n${cubes.join('')}\t</Cube>\n</gesmes:Envelope>\n`
  );
};

/** How a path is answered. */
export type EcbAnswer = {
  readonly status?: number;
  readonly contentType?: string;
  readonly body?: string | Uint8Array;
  /**
   * `never`: the connection is taken and nothing is said. `half`: the head and the first half of the body, then
   * nothing. `cut`: the same, then the connection is cut. `endless`: bytes without end.
   */
  readonly manner?: 'whole' | 'never' | 'half' | 'cut' | 'endless';
};

export type EcbStub = {
  /** For `ECB_BASE_URL`. */
  readonly url: string;
  readonly requests: readonly string[];
  /** Answers a path so from now on; other paths answer 404 with a page, as the ECB does. */
  answer(path: string, answer: EcbAnswer): void;
  /** Forgets the requests and all answers. */
  reset(): void;
  close(): Promise<void>;
};

const NOT_FOUND: EcbAnswer = {
  status: 404,
  contentType: 'text/html; charset=utf-8',
  body: '<!DOCTYPE html><html lang="en"><head><title>Page not found</title></head><body><h1>404</h1></body></html>',
};
const ENDLESS_CHUNK = Buffer.alloc(65_536, 0x20);

export const startEcbStub = async (): Promise<EcbStub> => {
  const requests: string[] = [];
  const answers = new Map<string, EcbAnswer>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    send(response, answers.get(path) ?? NOT_FOUND);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (path, answer) => void answers.set(path, answer),
    reset: () => {
      requests.length = 0;
      answers.clear();
    },
    close: async () => {
      // Answers that never end would keep the server open.
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
  };
};

const send = (response: ServerResponse, answer: EcbAnswer): void => {
  const { status = 200, contentType = 'text/xml', manner = 'whole' } = answer;
  if (manner === 'never') return;
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(status, {
    'content-type': contentType,
    ...(manner === 'endless' ? {} : { 'content-length': body.length }),
  });
  if (manner === 'whole') response.end(body);
  else if (manner === 'endless') pour(response);
  else {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
      if (manner === 'cut') response.destroy();
    });
  }
};

const pour = (response: ServerResponse): void => {
  while (!response.destroyed && response.write(ENDLESS_CHUNK));
  response.once('drain', () => pour(response));
};
