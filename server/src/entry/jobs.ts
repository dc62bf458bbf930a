/** Every job of every feature: what a worker takes. */
import { forgetExpiredJob } from '#features/identity';
import { recordStatementJob } from '#features/imports';
import { proposePlansJob, purgeDeletedJob } from '#features/ledger';
import { importConstituents, refreshFunds } from '#features/look-through';
import {
  fetchBoeRatesJob,
  fetchClosesJob,
  fetchEcbRatesJob,
  fetchPricesJob,
  forgetStreamJob,
  importPricesJob,
  tidyPricesJob,
} from '#features/market-data';
import { eraseLeaversJob } from '#features/privacy';
import { keepSnapshotsJob, refreshSummariesJob } from '#features/valuation';
import type { Job } from '#platform/jobs/index.ts';

export const JOBS: readonly Job[] = [
  fetchEcbRatesJob,
  fetchBoeRatesJob,
  fetchPricesJob,
  fetchClosesJob,
  forgetStreamJob,
  tidyPricesJob,
  importPricesJob,
  importConstituents,
  recordStatementJob,
  refreshFunds,
  forgetExpiredJob,
  purgeDeletedJob,
  keepSnapshotsJob,
  refreshSummariesJob,
  eraseLeaversJob,
  proposePlansJob,
];
