// `Link` (RFC 8288) → the query string of the next page.

/** Without its `?`; nothing where there is no further page. */
export function nextQuery(link: string | null): string | undefined {
  if (link === null) return undefined;
  for (const [, address = "", parameters = ""] of link.matchAll(/<([^>]*)>([^<]*)/g))
    if (/;\s*rel\s*=\s*"?next"?\s*(;|,|$)/i.test(parameters))
      return new URL(address, "http://api.invalid").search.slice(1);
  return undefined;
}
