// Where a request goes: a URL's path and query, and what stands below a mount point.

/** A request's URL, still percent-encoded. */
export interface Target {
  readonly path: string;
  /** Without `?`; empty when there is none. */
  readonly query: string;
}

/** Its path and query. Proxies may send a request's target with the scheme and host in front (RFC 9112, 3.2.2), and so has `Request`. */
export function splitUrl(url = "/"): Target {
  const local = url.startsWith("/") ? url : url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, "");
  const mark = local.indexOf("?");
  if (mark < 0) return { path: local || "/", query: "" };
  return { path: local.slice(0, mark) || "/", query: local.slice(mark + 1) };
}

/** What stands in `path` behind `prefix`, `undefined` when it stands elsewhere. `/apiary` is not below `/api`. */
export function below(prefix: string, path: string): string | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const rest = path.slice(prefix.length);
  if (rest === "") return "/";
  return rest.startsWith("/") ? rest : undefined;
}
