/** By what the activity can be filtered. */
export const ACTIVITY_KINDS = [
  'portfolio',
  'holding',
  'trade',
  'price',
  'debt',
  'plan',
  'watch',
  'account',
  'access',
  'session',
  'profile',
  'action',
] as const;
