// What newer servers of MySQL itself can do beyond the oldest 8.0, by the version that they say.
import type { Dialect } from "../dialect.js";
import { givenByAlias, onDuplicateKey } from "../on-conflict.js";

type Own = { readonly quote: Dialect["quote"]; readonly assigned: NonNullable<Dialect["assigned"]> };

/** `version` as the server says it: `8.0.36-0ubuntu0.22.04.1`, `9.7.4-2`. */
export function mysqlOf(mysql: Dialect, version: string, { quote, assigned }: Own): Dialect {
  return {
    ...mysql,
    // Manual: «Lateral Derived Tables».
    ...(isFrom(version, 14) && { lateral: true }),
    ...(isFrom(version, 19) && { onConflict: onDuplicateKey(quote, assigned, givenByAlias(quote)) }),
  };
}

/** 8.0.`patch` or newer. TiDB and Vitess speak MySQL's protocol and say which version they follow, without all that it can do. */
function isFrom(version: string, patch: number): boolean {
  const [, major = 0, minor = 0, own = 0] = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  if (/tidb|vitess/i.test(version)) return false;
  return major > 8 || (major === 8 && (minor > 0 || own >= patch));
}
