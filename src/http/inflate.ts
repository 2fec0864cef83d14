// A body's bytes as they came, and its Content-Encoding → the bytes that were meant (RFC 9110, 8.4). Inflating ends at the limit.
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { excerpt } from "../base/suggest.js";
import type { RequestBody } from "./message.js";
import { problem } from "./problem.js";

type Inflate = (
  bytes: Buffer,
  options: { maxOutputLength: number },
  done: (error: Error | null, result: Buffer) => void,
) => void;

/** Some clients leave away the frame of "deflate" (RFC 9110, 8.4.1.2, note): its first half byte is 8 where it is there. */
const deflated: Inflate = (bytes, options, done) =>
  ((bytes[0] ?? 0) & 15) === 8 ? inflate(bytes, options, done) : inflateRaw(bytes, options, done);

/** `x-gzip` is another name (RFC 9110, 8.4.1.3). */
const codings: Readonly<Record<string, Inflate>> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: deflated,
  br: brotliDecompress,
};

const ACCEPTED = "gzip, deflate, br";
/** Each is work of its own. */
const MOST_CODINGS = 2;

/** The codings in the order in which they are to be undone. Throws 415 for others than are known, and for too many of them. */
export function codingsOf(header: string | undefined): readonly string[] {
  if (header === undefined) return [];
  const names = header.split(",", 100).map((name) => name.trim().toLowerCase());
  const found = names.filter((name) => name !== "" && name !== "identity");
  const unknown = found.find((name) => !Object.hasOwn(codings, name));
  if (unknown !== undefined) throw refused(`The Content-Encoding '${excerpt(unknown)}' is not understood.`);
  if (found.length > MOST_CODINGS)
    throw refused(`The body has ${found.length} encodings, and ${MOST_CODINGS} are taken.`);
  return found.reverse();
}

/** RFC 9110, 12.5.3: the answer says which codings are taken. */
const refused = (why: string) =>
  problem("unsupported_media_type", `${why} Send the body as it is, or encoded by one of ${ACCEPTED}.`, {
    headers: { "accept-encoding": ACCEPTED },
  });

/** The body that was meant, of at most `limit` bytes. Throws 400 where it is not what its header says. */
export async function inflated(body: RequestBody, names: readonly string[], limit: number): Promise<RequestBody> {
  if (names.length === 0 || body.kind !== "bytes" || body.bytes.length === 0) return body;
  let bytes: Buffer | undefined = body.bytes;
  for (const name of names) {
    bytes = await inflatedBy(name, bytes, limit);
    if (bytes === undefined) return { kind: "too-large", limit };
  }
  return { kind: "bytes", bytes };
}

/** Nothing where it would be longer than the limit. */
function inflatedBy(name: string, bytes: Buffer, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    // A limit of 0 bytes is none to zlib.
    (codings[name] as Inflate)(bytes, { maxOutputLength: Math.max(limit, 1) }, (error, result) => {
      if (error === null) resolve(result);
      else if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") resolve(undefined);
      else reject(problem("invalid_body", `The body is not ${name}, as its Content-Encoding says.`));
    });
  });
}
