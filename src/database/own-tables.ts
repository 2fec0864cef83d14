// The names of the tables that sapwood keeps for itself. They are fixed, so that no process shows them, whatever its options say.

const names = [
  "sapwood_users",
  "sapwood_tokens",
  "sapwood_attempts",
  "sapwood_keys",
  "sapwood_answers",
  "sapwood_outbox",
  "sapwood_lanes",
] as const;

export type OwnTable = (typeof names)[number];

export const isOwnTable = (name: string): boolean => (names as readonly string[]).includes(name.toLowerCase());
