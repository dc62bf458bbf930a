/** One line of the log, in the form that the caller's structured logger takes. */
export interface EmbeddedPostgresLogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** What `startEmbeddedPostgres` is told. */
export interface EmbeddedPostgresOptions {
  /**
   * The data folder of the installation (PM_DATA_DIR), made when it is missing. The cluster is its folder `pg18`,
   * with `pg18.secrets.json` and `pg18.log` beside it.
   */
  readonly dataDir: string;
  readonly log: (line: EmbeddedPostgresLogLine) => void;
  /** Ends a start that is under way: what was launched is stopped and the promise rejects with `aborted`. */
  readonly signal?: AbortSignal;
  /** `none` leaves out every fsync: for test clusters, whose loss costs nothing. Default `full`. */
  readonly durability?: 'full' | 'none';
  /** `tcp` listens on the loopback address instead of on a Unix socket. Default: a socket wherever one works. */
  readonly transport?: 'auto' | 'tcp';
  /** Where PostgreSQL's `bin`, `lib` and `share` are. Default: the installed platform package. */
  readonly nativeDir?: string;
  /** How long a fast shutdown may take before it is made an immediate one, in milliseconds. Default 20 s. */
  readonly stopPatienceMs?: number;
}

/** A running embedded PostgreSQL that this process has to itself. */
export interface EmbeddedPostgres {
  /** Database `portfolio_manager` as its owner: migrations. Not a superuser. */
  readonly ownerUrl: string;
  /** Database `portfolio_manager` as `app`: requests. */
  readonly appUrl: string;
  /** Database `portfolio_manager` as `worker`: jobs. */
  readonly workerUrl: string;
  /** Database `postgres` as the cluster's superuser: template databases of tests, backups. Never for requests. */
  readonly adminUrl: string;
  /** The server's version, such as `18.4`. */
  readonly version: string;
  /** True when a server left behind by a killed process was taken over instead of started. */
  readonly adopted: boolean;
  /**
   * Settles only when the server was lost for good while in use. A server that merely dies is started again at the
   * same address, up to a limit; what was committed is there again.
   */
  readonly lost: Promise<Error>;
  /** Stops the server: fast shutdown, immediate when that takes too long. Safe to call twice. Close pools first. */
  stop(): Promise<void>;
}
