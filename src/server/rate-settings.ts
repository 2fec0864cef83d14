// What is counted of a client, and where.
import type { ProxyOptions } from "../http/client-address.js";

export interface RateSettings extends ProxyOptions {
  /** Requests of one client in a period. Default: any number. */
  readonly rateLimit?: number;
  /** Seconds. Default 60. */
  readonly ratePeriod?: number;
  /** Failed sign-ins of one address in a period, where callers sign in; 0 is any number. Default 20. */
  readonly rateFailures?: number;
  /** `redis://…`, for several servers together. Default: in memory. */
  readonly rateStore?: string;
}

export const rateDefaults = { ratePeriod: 60, rateFailures: 20 } as const;

/** The same, and what the server is. */
export interface Counting extends RateSettings {
  /** Callers sign in, so that they are counted each by their key or token. */
  readonly guarded: boolean;
  /** In lower case. */
  readonly keyHeaders: readonly string[];
}

/** Is there anything to count? */
export const counts = ({ rateLimit = 0, rateFailures = rateDefaults.rateFailures, guarded }: Counting) =>
  rateLimit > 0 || (guarded && rateFailures > 0);
