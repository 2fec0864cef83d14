// What every answer of the server carries, be it JSON, a page or an error. What an answer says itself wins: the documentation's
// pages have a policy of their own, and a 304 says the one of its 200.

export interface SecuritySettings {
  /** Seconds for which browsers are to come by https only, with TLS. Default 0: they are not told. */
  readonly hsts?: number;
}

/** After the OWASP Secure Headers Project's list, as far as it concerns an API. */
const always = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  // Of no account to what CORS lets in: the Fetch standard asks it for "no-cors" requests only.
  "cross-origin-resource-policy": "same-origin",
} as const;

/** Throws where browsers are to be told of TLS that is not there (RFC 6797, 7.2). */
export function securityHeaders({ hsts = 0 }: SecuritySettings, tls: boolean): Readonly<Record<string, string>> {
  if (hsts === 0) return always;
  if (tls) return { ...always, "strict-transport-security": `max-age=${hsts}` };
  throw new Error("hsts needs TLS: tlsKey and tlsCert. Where a proxy has it, the proxy says it.");
}
