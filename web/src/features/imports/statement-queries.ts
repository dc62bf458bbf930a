import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';

export type StatementPreview = Answer<'POST /api/imports/statements/preview'>;
export type StatementMapping = Answer<'PUT /api/imports/statement-mappings'>;
export type StatementReport = NonNullable<Answer<'GET /api/imports/:id'>['statement']>;
export type StatementImport = Answer<'GET /api/imports/statements'>['items'][number];

/** What a person chose for one statement. */
export type StatementChoices = {
  readonly portfolioId: string;
  readonly account: string;
  readonly settle: boolean | undefined;
  readonly overdraw: boolean;
  readonly leaveOut: readonly number[];
};

const queryOf = (file: File, { leaveOut, ...choices }: StatementChoices) => ({
  ...choices,
  fileName: file.name.slice(0, 255),
  overdraw: choices.overdraw ? true : undefined,
  leaveOut: leaveOut.length === 0 ? undefined : leaveOut.join(','),
});

/** What a statement would record; asked again with every choice. */
export const statementPreviewQuery = (key: string, file: File, choices: StatementChoices) =>
  queryOptions({
    queryKey: ['statement-preview', key, choices],
    queryFn: ({ signal }) =>
      api('POST /api/imports/statements/preview', { query: queryOf(file, choices), body: file, signal }),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

const POLL_MS = 1_000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Records a statement; a large one is followed until the worker is done with it. */
export const recordStatement = async (
  file: File,
  choices: StatementChoices,
  onProgress: (percent: number) => void,
): Promise<StatementReport> => {
  const answer = await api('POST /api/imports/statements', { query: queryOf(file, choices), body: file });
  if ('recorded' in answer) return answer;
  for (;;) {
    const run = await api('GET /api/imports/:id', { params: { id: answer.importId } });
    onProgress(run.progressPct);
    if (run.statement) return run.statement;
    if (run.error) throw new Error(run.error.detail);
    await wait(POLL_MS);
  }
};

const PAGE = 50;

export const statementImportsQuery = infiniteQueryOptions({
  queryKey: ['statement-imports'],
  queryFn: ({ signal, pageParam }) =>
    api('GET /api/imports/statements', { query: { limit: PAGE, cursor: pageParam }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});
