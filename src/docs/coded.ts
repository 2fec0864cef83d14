// Bytes that are kept as they are and as gzip → the answer in the coding that a client takes.
import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { etagOf } from "../http/conditional.js";
import { takesGzip } from "../http/encoding.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { keptHeaders } from "./answers.js";

export interface Coded {
  readonly bytes: Buffer;
  readonly gzip: Buffer;
  /** Of the bytes; without its quotes. */
  readonly tag: string;
}

export const codedOf = (bytes: Buffer): Coded => ({ ...tagged(bytes), gzip: gzipSync(bytes, { level: 9 }) });

/** A file of the package, where programs and styles are gzip; run from source, some are as they are. Rejects where there is neither. */
export async function codedFile(path: string): Promise<Coded> {
  const gzip = await readFile(`${path}.gz`).catch(() => undefined);
  return gzip === undefined ? codedOf(await readFile(path)) : { ...tagged(gunzipSync(gzip)), gzip };
}

const tagged = (bytes: Buffer) => ({ bytes, tag: etagOf(bytes).slice(1, -1) });

/** The two have tags of their own: each is strong (RFC 9110, 8.8.3.3). */
export function coded(request: ApiRequest, { bytes, gzip, tag }: Coded, type: string): ApiResponse {
  const headers = { ...keptHeaders, "content-type": type, vary: "Accept-Encoding" };
  if (!takesGzip(request)) return { status: 200, headers: { ...headers, etag: `"${tag}"` }, bytes };
  return { status: 200, headers: { ...headers, etag: `"${tag}-gzip"`, "content-encoding": "gzip" }, bytes: gzip };
}
