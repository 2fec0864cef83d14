// `Vary` is a list that several write: the API, and a host's CORS and compression.
type Headers = Readonly<Record<string, string>>;

/** Headers with what stands in `Vary` already before their own. */
export function joiningVary(headers: Headers, standing: number | string | readonly string[] | undefined): Headers {
  if (headers.vary === undefined || standing === undefined || standing === "") return headers;
  return { ...headers, vary: `${[standing].flat().join(", ")}, ${headers.vary}` };
}
