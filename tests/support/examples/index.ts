/** An example of every route of the product; the compiler asks for the one that is missing. */
import type { ApiKey } from '../../../server/src/platform/http/index.ts';
import { allocationExamples, importExamples, ledgerExamples, valuationExamples } from './books.ts';
import type { Examples } from './example.ts';
import { instrumentExamples, lookThroughExamples, marketDataExamples } from './markets.ts';
import {
  demoExamples,
  identityExamples,
  operationsExamples,
  portfolioExamples,
  privacyExamples,
} from './people.ts';

export const examples: Examples<ApiKey> = {
  ...identityExamples,
  ...portfolioExamples,
  ...demoExamples,
  ...ledgerExamples,
  ...instrumentExamples,
  ...marketDataExamples,
  ...valuationExamples,
  ...allocationExamples,
  ...lookThroughExamples,
  ...importExamples,
  ...privacyExamples,
  ...operationsExamples,
};
