// The cases that a database or a host cannot do, and why. A case is named by its title, or by a pattern of titles.

export interface Skip {
  readonly case: string | RegExp;
  readonly database?: string;
  readonly host?: string;
  readonly reason: string;
}

export const skips: readonly Skip[] = [
  {
    case: "GET /members?name=Ada",
    database: "mariadb",
    reason: "`=` is the column's own collation there, which ignores the case: an index could not serve anything else",
  },
];

export function reasonToSkip(title: string, database: string, host: string): string | undefined {
  const matches = (wanted: string | RegExp) => (typeof wanted === "string" ? wanted === title : wanted.test(title));
  return skips.find(
    (skip) => matches(skip.case) && (skip.database ?? database) === database && (skip.host ?? host) === host,
  )?.reason;
}
