/** One thing that is wrong, said so that a person can go and mend it. */
export interface Finding {
  /** File relative to the root of the repository; empty when no single file is to blame. */
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** The files of the repository as git knows them: tracked, plus new ones that are not ignored. */
export interface Repo {
  readonly root: string;
  /** Paths relative to `root`, with `/`, sorted. */
  readonly files: readonly string[];
  read(path: string): string;
}

/** One line of `npm run check`. An empty list of findings means that it passed. */
export interface Check {
  readonly name: string;
  readonly what: string;
  run(repo: Repo): Promise<readonly Finding[]> | readonly Finding[];
}
