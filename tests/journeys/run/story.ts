import type { Stage } from './stage.ts';

/** A numbered story, told at each width. */
export type Story = {
  readonly number: string;
  readonly title: string;
  /** Throws when what is told does not happen; what happens beside it is in the stage's findings. */
  tell(stage: Stage): Promise<void>;
};
