/** Data of the older version, which kept everything in the browser. */
export {
  readLocalStorage,
  type LocalStorageData,
  type OldHolding,
  type OldPortfolio,
  type OldTrade,
  type Remark,
} from './read.ts';
