// JSON whose long numbers JavaScript would round → the same with these as texts, so that keys and amounts keep their digits.

const LONG = 16;

/** Texts are passed over as they are: a number within one is none. */
export const withLongAsText = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (part) =>
    part.startsWith('"') || part.replace(/\D/g, "").length < LONG || String(Number(part)) === part ? part : `"${part}"`,
  );

/** What sends, with answers in which numbers are exact. */
export async function exactFetch(request: Request): Promise<Response> {
  const response = await fetch(request);
  if (!response.headers.get("content-type")?.includes("json")) return response;
  const { status, statusText, headers } = response;
  const text = await response.text();
  return new Response(text === "" ? null : withLongAsText(text), { status, statusText, headers });
}
