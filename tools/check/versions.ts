import type { Check, Finding, Repo } from './kinds.ts';

/** The parts of a package.json that name other packages. */
interface Manifest {
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages?: Readonly<
    Record<string, Manifest & { readonly resolved?: string; readonly link?: boolean }>
  >;
}

const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** `1.2.3`, `1.2.3-beta.4`, or such a version of a package under another name. */
const EXACT = /^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

function manifests(repo: Repo): readonly string[] {
  return repo.files.filter((path) => /^(?:[^/]+\/)?package\.json$/.test(path));
}

function* namedIn(
  repo: Repo,
  path: string,
): Generator<readonly [section: string, name: string, version: string]> {
  const manifest = JSON.parse(repo.read(path)) as Manifest;
  for (const section of SECTIONS) {
    for (const [name, version] of Object.entries(manifest[section] ?? {})) yield [section, name, version];
  }
}

function inexact(repo: Repo): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, { version: string; path: string }>();
  for (const path of manifests(repo)) {
    for (const [, name, version] of namedIn(repo, path)) {
      if (!EXACT.test(version)) findings.push({ path, message: `${name} ${version}: versions are exact` });
      const other = seen.get(name);
      if (other !== undefined && other.version !== version) {
        findings.push({ path, message: `${name} is ${version} here and ${other.version} in ${other.path}` });
      }
      seen.set(name, { version, path });
    }
  }
  return findings;
}

function lockDrift(repo: Repo): readonly Finding[] {
  const path = 'package-lock.json';
  if (!repo.files.includes(path)) return [{ path, message: 'is missing: npm ci needs it' }];
  const { packages = {} } = JSON.parse(repo.read(path)) as Lock;
  const findings: Finding[] = [];
  for (const manifest of manifests(repo)) {
    const folder = manifest === 'package.json' ? '' : manifest.slice(0, -'/package.json'.length);
    for (const [section, name, version] of namedIn(repo, manifest)) {
      const locked = packages[folder]?.[section as (typeof SECTIONS)[number]]?.[name];
      if (locked !== version) {
        findings.push({
          path,
          message: `${name} ${version} of ${manifest} is locked as ${locked ?? 'nothing'}`,
        });
      }
    }
  }
  for (const [name, { resolved, link }] of Object.entries(packages)) {
    if (resolved === undefined || link === true) continue;
    findings.push({
      path,
      message: `${name} names the host it came from: npm config set omit-lockfile-registry-resolved`,
    });
  }
  return findings;
}

/** Node is pinned by its platform packages; all of them, or one platform runs another Node than the rest. */
function nodePins(repo: Repo): readonly Finding[] {
  const path = 'package.json';
  const pins = Object.entries((JSON.parse(repo.read(path)) as Manifest).optionalDependencies ?? {});
  const versions = new Set(
    pins.filter(([name]) => /^node-(?:bin-)?(?:linux|darwin)-/.test(name)).map(([, v]) => v),
  );
  return versions.size === 1
    ? []
    : [
        {
          path,
          message: `the platform packages pin ${versions.size} versions of Node: ${[...versions].join(', ')}`,
        },
      ];
}

export const versions: Check = {
  name: 'versions',
  what: 'exact package versions, one of each, and a lock file that agrees',
  run: (repo) => [...inexact(repo), ...lockDrift(repo), ...nodePins(repo)],
};
