/**
 * Look-through: what funds hold. Reading issuers' files (`formats`), one vocabulary for their words (`terms`), which
 * security a row is (`identity`), and what follows from it: exposure and overlap.
 */
export * from './formats/index.ts';
export * from './identity/index.ts';
export * from './published/index.ts';
export * from './terms/index.ts';
