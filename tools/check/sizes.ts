import ts from 'typescript';
import type { Check, Finding, Repo } from './kinds.ts';
import { isCode, isTypeScript } from './repo.ts';

/** A function longer than this tells more than one story. */
export const FUNCTION_LINES_MAX = 70;

/** A file longer than this is more than one room. */
export const FILE_LINES_MAX = 500;

/** `describe` groups tests: its callback is a folder, not a function. */
const GROUPERS = /^(?:describe|suite|test\.describe)(?:\.\w+)*$/;

function isGroup(node: ts.Node): boolean {
  const call = node.parent;
  if (!ts.isCallExpression(call)) return false;
  const callee = ts.isCallExpression(call.expression) ? call.expression.expression : call.expression;
  return GROUPERS.test(callee.getText());
}

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node)
  );
}

/** The name a reader would use for the function: its own, or that of what it is assigned to or passed to. */
function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  if (ts.isCallExpression(parent)) return `the callback of ${parent.expression.getText()}`;
  return 'a function without a name';
}

function longFunctions(repo: Repo, path: string): readonly Finding[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, repo.read(path), ts.ScriptTarget.Latest, true, kind);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunction(node) && !isGroup(node)) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const lines = source.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
      if (lines > FUNCTION_LINES_MAX) {
        const message = `${nameOf(node)} has ${lines} lines, more than ${FUNCTION_LINES_MAX}`;
        findings.push({ path, line: first + 1, message });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

function longFile(repo: Repo, path: string): readonly Finding[] {
  const lines = repo.read(path).trimEnd().split('\n').length;
  return lines > FILE_LINES_MAX
    ? [{ path, message: `the file has ${lines} lines, more than ${FILE_LINES_MAX}` }]
    : [];
}

export const sizes: Check = {
  name: 'sizes',
  what: `functions of at most ${FUNCTION_LINES_MAX} lines, files of at most ${FILE_LINES_MAX}`,
  run: (repo) => [
    ...repo.files.filter(isCode).flatMap((path) => longFile(repo, path)),
    ...repo.files.filter(isTypeScript).flatMap((path) => longFunctions(repo, path)),
  ],
};
