// Bytes that are kept as they are and as gzip → the answer in the coding that a client takes.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
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

/** Files of a folder by their names, kept once they are read: they are the same for every API of the process. Rejects where one is not there. */
export function codedFiles<Name extends string>(folder: () => string): (name: Name) => Promise<Coded> {
  const read = new Map<Name, Promise<Coded>>();
  return (name) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const reading = codedFile(join(folder(), name));
    read.set(name, reading);
    reading.catch(() => read.delete(name));
    return reading;
  };
}

/** A file of the package, where programs and styles are gzip; run from source, some are as they are. Rejects where there is neither. */
async function codedFile(path: string): Promise<Coded> {
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
