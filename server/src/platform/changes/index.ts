/** What changed in the database, told to every process. */
export { createChangeBook } from './changes.ts';
export type { ChangeBook, Changes, Mark } from './changes.ts';
export { listenForChanges } from './listen.ts';
export type { ChangeListener } from './listen.ts';
