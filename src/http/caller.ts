// Who asks: what signing in found out, and all that rights are decided by.
/** What is said of a caller: a token's payload, an account's fields, what the host's own authentication knows. */
export type Claims = Readonly<Record<string, unknown>>;

export interface Caller {
  /** The name of one of `roles`. */
  readonly role: string;
  readonly claims: Claims;
}

/** The role of those who say nothing of themselves. */
export const ANONYMOUS = "anonymous";

export const nobody: Caller = { role: ANONYMOUS, claims: {} };
