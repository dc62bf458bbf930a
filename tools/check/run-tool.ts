import { spawn } from 'node:child_process';

/** What a command-line tool said. `code` is null when it was killed or could not be started. */
export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A tool that is still running after this long hangs, and is killed. */
const TOOL_TIMEOUT_MS = 5 * 60_000;

/**
 * Runs a JavaScript command-line tool under the Node that runs us, without a shell.
 * Never rejects for a tool that finds faults: those are in the result.
 */
export function runTool(script: string, args: readonly string[], cwd: string): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TOOL_TIMEOUT_MS,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => {
      resolve({ code: null, stdout, stderr: `${stderr}${error.message}` });
    });
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** The last lines of what a tool printed, for a failure that has no better form. */
export function lastWords(result: ToolResult): string {
  const text = `${result.stdout}\n${result.stderr}`.trim();
  const lines = text === '' ? ['it said nothing'] : text.split('\n').slice(-8);
  return `exit code ${String(result.code)}: ${lines.join(' | ')}`;
}
