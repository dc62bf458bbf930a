/** A progress bar on a terminal; nothing where output goes to a file or another program. */
const WIDTH = 30;

export type Progress = { step(by?: number): void };

export const progress = (what: string, total: number): Progress => {
  let done = 0;
  const draw = (): void => {
    if (!process.stderr.isTTY || total < 2) return;
    const filled = Math.round((done / total) * WIDTH);
    process.stderr.write(
      `\r${what} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${total}${done === total ? '\n' : ''}`,
    );
  };
  draw();
  return {
    step: (by = 1) => {
      done = Math.min(total, done + by);
      draw();
    },
  };
};
