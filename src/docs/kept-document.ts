// A document in parts → its bytes, as they are and as gzip, made a little at a time: whoever asks for something else meanwhile is
// answered in between.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGzip, type Gzip } from "node:zlib";
import type { PlainParts } from "../openapi/document.js";

export interface KeptDocument {
  readonly bytes: Buffer;
  readonly gzip: Buffer;
  /** Of the bytes; without its quotes. */
  readonly tag: string;
  /** Where `servers` stands in the bytes. */
  readonly servers: readonly [from: number, to: number];
}

/** The longest that it works in one turn of the event loop, in milliseconds. */
const TURN = 8;
/** Characters that are made to bytes at once. */
const PIECE = 65_536;

/** One after the other, however many are asked for: each would take a turn of its own. */
let before: Promise<unknown> = Promise.resolve();

export function keepDocument(toParts: () => PlainParts): Promise<KeptDocument> {
  const made = before.then(() => make(toParts()));
  before = made.catch(() => undefined);
  return made;
}

async function make({ paths, components, securitySchemes, ...head }: PlainParts): Promise<KeptDocument> {
  const written = new Written();
  const { openapi, info, servers, security, tags } = head;
  written.add(`{"openapi":${JSON.stringify(openapi)},"info":${JSON.stringify(info)},"servers":`);
  const from = await written.length();
  written.add(JSON.stringify(servers));
  const to = await written.length();
  for (const [name, value] of Object.entries({ security, tags }))
    written.add(`,${JSON.stringify(name)}:${JSON.stringify(value)}`);
  written.add(',"paths":{');
  let comma = "";
  for (const part of paths()) {
    written.add(`${comma}${JSON.stringify(part.address)}:${JSON.stringify(part.item)}`);
    comma = ",";
    await written.rest();
  }
  for (const _ of components.settle()) await written.rest();
  written.add('},"components":{');
  const kinds: Iterable<readonly [string, Iterable<readonly [string, unknown]>]> = [
    ...components.all,
    ...(securitySchemes === undefined ? [] : [["securitySchemes", Object.entries(securitySchemes)] as const]),
  ];
  comma = "";
  for (const [kind, named] of kinds) {
    written.add(`${comma}${JSON.stringify(kind)}:{`);
    comma = "";
    for (const [name, value] of named) {
      written.add(`${comma}${JSON.stringify(name)}:${JSON.stringify(value)}`);
      comma = ",";
      await written.rest();
    }
    written.add("}");
    comma = ",";
  }
  written.add("}}");
  return { ...(await written.end()), servers: [from, to] };
}

/** A text on its way to bytes, to gzip and to its hash. */
class Written {
  #text: string[] = [];
  #characters = 0;
  #since = performance.now();
  #size = 0;
  readonly #bytes: Buffer[] = [];
  readonly #gzip: Gzip = createGzip();
  readonly #small: Buffer[] = [];
  readonly #hash = createHash("sha1");
  readonly #ended = once(
    this.#gzip.on("data", (part: Buffer) => this.#small.push(part)),
    "end",
  );

  add(text: string): void {
    this.#text.push(text);
    this.#characters += text.length;
  }

  /** Lets others have their turn, where this one was long. */
  async rest(): Promise<void> {
    if (this.#characters >= PIECE) await this.#flush();
    if (performance.now() - this.#since < TURN) return;
    await nextTurn();
    this.#since = performance.now();
  }

  /** Bytes so far. */
  async length(): Promise<number> {
    await this.#flush();
    return this.#size;
  }

  async end(): Promise<Pick<KeptDocument, "bytes" | "gzip" | "tag">> {
    await this.#flush();
    this.#gzip.end();
    await this.#ended;
    return {
      bytes: Buffer.concat(this.#bytes),
      gzip: Buffer.concat(this.#small),
      tag: this.#hash.digest("base64url"),
    };
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#text.join(""));
    this.#text = [];
    this.#characters = 0;
    this.#size += bytes.length;
    this.#bytes.push(bytes);
    this.#hash.update(bytes);
    if (!this.#gzip.write(bytes)) await once(this.#gzip, "drain");
  }
}
