/** By what the activity can be filtered. */
export const ACTIVITY_KINDS = [
  'portfolio',
  'holding',
  'trade',
  'price',
  'session',
  'profile',
  'action',
] as const;
