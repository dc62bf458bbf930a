import ts from 'typescript';
import type { Check, Finding, Repo } from './kinds.ts';
import { isTest, isTypeScript } from './repo.ts';

/** Names of the functions that declare a test or a group of tests. */
const DECLARERS = new Set(['it', 'test', 'describe', 'suite', 'bench']);

/** Words after the dot that leave a test out, or leave all the others out. */
const LEFT_OUT = new Set(['only', 'skip', 'todo', 'fixme', 'fails', 'fail', 'skipIf', 'runIf']);

/** Old spellings of the same. */
const OLD_SPELLINGS = new Set(['fit', 'fdescribe', 'xit', 'xtest', 'xdescribe']);

/**
 * Tests that may ask where they run: the files of real issuers are not ours to publish, so that conformance looks
 * whether they are there; and only root can show what happens under root.
 */
const MAY_ASK = /^(?:tests\/conformance\/|server\/src\/platform\/database\/embedded\/accounts\.test\.ts$)/;

/** The first name of `test.describe.only`, which is `test`. */
function rootName(node: ts.Expression): string | undefined {
  let at: ts.Expression = node;
  for (;;) {
    if (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at)) at = at.expression;
    else return ts.isIdentifier(at) ? at.text : undefined;
  }
}

/** The forbidden spelling at this node, or undefined. */
function leftOut(node: ts.Node, path: string): string | undefined {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    return OLD_SPELLINGS.has(node.expression.text) ? node.expression.text : undefined;
  }
  if (!ts.isPropertyAccessExpression(node) || !LEFT_OUT.has(node.name.text)) return undefined;
  const root = rootName(node.expression);
  const isContext = node.name.text === 'skip' && (root === 'context' || root === 'ctx' || root === 't');
  if (root === undefined || !(DECLARERS.has(root) || isContext)) return undefined;
  if (MAY_ASK.test(path) && (node.name.text === 'skipIf' || node.name.text === 'runIf')) return undefined;
  return `${root}…${node.name.text}`;
}

function findLeftOut(repo: Repo, path: string): readonly Finding[] {
  const source = ts.createSourceFile(path, repo.read(path), ts.ScriptTarget.Latest, true);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const spelling = leftOut(node, path);
    if (spelling !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      findings.push({ path, line, message: `${spelling}: every test runs, or is deleted` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

export const wholeTests: Check = {
  name: 'whole-tests',
  what: 'no test is left out, and none leaves out the others',
  run: (repo) =>
    repo.files
      .filter((path) => isTest(path) && isTypeScript(path))
      .flatMap((path) => findLeftOut(repo, path)),
};
