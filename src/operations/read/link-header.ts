// `Link` of a list (RFC 8288): the request's own address with another beginning.
import type { ApiRequest } from "../../http/message.js";
import type { PageLink, PageRows } from "./page.js";

/** Empty where the query leaves no room for it. */
export function linkHeader(request: ApiRequest, { next, prev }: PageRows): string {
  const { prefix, linked = request } = request;
  const address = encoded(`${prefix}${linked.path}`);
  const rest = linked.query.split("&").filter((pair) => pair !== "" && !isStart(pair));
  const query = rest.map(encoded);
  const link = (relation: string, turn?: PageLink) => {
    const parameters = turn === undefined ? query : [...query, `${turn.name}=${turn.value}`];
    return `<${address}${parameters.length === 0 ? "" : `?${parameters.join("&")}`}>; rel="${relation}"`;
  };
  const links = [
    ...(next === undefined ? [] : [link("next", next)]),
    ...(prev === undefined ? [] : [link("prev", prev)]),
    link("first"),
  ];
  return links.reduce((header, item) => {
    const longer = header === "" ? item : `${header}, ${item}`;
    return longer.length > LONGEST ? header : longer;
  }, "");
}

/** Behind a long query the last links are left out: clients and proxies take some kilobytes of headers, and refuse more. */
const LONGEST = 6_000;

const starts: ReadonlySet<string> = new Set(["after", "before", "offset"]);

function isStart(pair: string): boolean {
  const [name = ""] = pair.split("=", 1);
  // `%61fter` is `after` too. What cannot be decoded was refused before.
  return starts.has(name.includes("%") ? decodeURIComponent(name) : name);
}

/** As it was written, but for what would end a link or a header: node hands a URL's bytes over as latin1. */
const encoded = (text: string): string =>
  text.replace(/[^!#-;=?-~]/gu, (character) => {
    const bytes = Buffer.from(character, character > "\u00ff" ? "utf8" : "latin1");
    return bytes.toString("hex").toUpperCase().replace(/../g, "%$&");
  });
