import type { Story } from '../run/story.ts';
import { firstAccount } from './01-first-account.ts';
import { mainJob } from './02-main-job.ts';
import { demoHousehold } from './03-demo-household.ts';
import { keyboard } from './04-keyboard.ts';
import { badInput } from './05-bad-input.ts';
import { offline } from './06-offline.ts';
import { otherPeople } from './07-other-people.ts';
import { zoom } from './08-zoom.ts';
import { themeAndWords } from './09-theme-and-words.ts';
import { lookThroughInDepth } from './10-look-through.ts';
import { overlapAndReview } from './11-overlap-and-review.ts';
import { identity } from './12-identity.ts';
import { budgets } from './13-budgets.ts';
import { ledgerLife } from './14-ledger.ts';
import { draftsAndUndo } from './15-drafts-and-undo.ts';
import { statements } from './16-statements.ts';
import { household } from './17-household.ts';
import { performance } from './18-performance.ts';
import { livePrices } from './19-live-prices.ts';
import { recurringPlan } from './20-recurring-plan.ts';
import { income } from './21-income.ts';
import { manyHoldings } from './22-many-holdings.ts';

/** Every story, in the order in which they are told. */
export const STORIES: readonly Story[] = [
  firstAccount,
  mainJob,
  demoHousehold,
  keyboard,
  badInput,
  offline,
  otherPeople,
  zoom,
  themeAndWords,
  lookThroughInDepth,
  overlapAndReview,
  identity,
  budgets,
  ledgerLife,
  draftsAndUndo,
  statements,
  household,
  performance,
  livePrices,
  recurringPlan,
  income,
  manyHoldings,
];
