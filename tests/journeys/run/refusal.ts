/** Why the journeys cannot run at all, in one sentence for the person who started them. */
export class Refusal extends Error {}
