// Queries that are too long for an address: `QUERY /albums`, `QUERY /albums/1`, and for lists `POST /albums/query` where a client or a proxy knows no such method.
import { type ApiRequest, requestWith } from "../http/message.js";
import { queryIn } from "../request/long-query.js";
import { type Matched, takesQuery } from "../routes/match.js";

const SUFFIX = "/query";

/** `byQuery`: `/query` stood behind its path. */
type Found = Matched & { readonly byQuery?: true };

/** The list or the row that is asked, and its path. */
export interface Queried<Match extends Found> {
  readonly found: Match;
  readonly path: string;
}

/** Where a path with this word at its end leads to no row: a table without a key has none. */
export function listOfQuery<Match extends Found>(
  path: string,
  match: (path: string) => Match | undefined,
): (Match & { readonly byQuery: true }) | undefined {
  const found = path.endsWith(SUFFIX) ? match(path.slice(0, -SUFFIX.length)) : undefined;
  return found !== undefined && isList(found) ? { ...found, byQuery: true } : undefined;
}

/** Nothing where the request is one of another kind. A route of the path's own comes first. */
export function queriedBy<Match extends Found>(
  { method, path }: Pick<ApiRequest, "method" | "path">,
  found: Match,
  match: (path: string) => Match | undefined,
): Queried<Match> | undefined {
  if (method === "QUERY") return takesQuery(found.node) && !found.byQuery ? { found, path } : undefined;
  if (method !== "POST" || !path.endsWith(SUFFIX) || (found.node.routes.POST && !found.byQuery)) return undefined;
  const list = listOfQuery(path, match);
  return list && { found: list, path: path.slice(0, -SUFFIX.length) };
}

/** The GET that asks the same. Links lead to the address that was asked, where the same body is sent again. Throws what is wrong with the body. */
export async function asGet(request: ApiRequest, { path }: Pick<Queried<Found>, "path">): Promise<ApiRequest> {
  const said = await queryIn(request);
  const query = [request.query, said].filter((part) => part !== "").join("&");
  const { path: asked, query: own } = request;
  // 304 is no answer to a POST (RFC 9110, 13.2.2).
  const header = (name: string) =>
    request.method === "POST" && name === "if-none-match" ? undefined : request.header(name);
  return requestWith(request, { method: "GET", path, query, header, linked: { path: asked, query: own } });
}

const isList = ({ node }: Found): boolean => node.routes.GET?.operation === "list";
