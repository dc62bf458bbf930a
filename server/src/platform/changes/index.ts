/** What changed in the database, told to every process. */
export type { Changes, Mark } from './changes.ts';
export { listenForChanges } from './listen.ts';
export type { ChangeListener } from './listen.ts';
