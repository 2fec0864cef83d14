// A document in parts → its bytes, as they are and as gzip, made a little at a time: whoever asks for something else meanwhile is
// answered in between.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGzip, type Gzip } from "node:zlib";
import type { PlainParts } from "../openapi/document.js";
import type { PathPart } from "../openapi/path-items.js";
import { jsonNotation, type Notation } from "./notation.js";

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

export function keepDocument(toParts: () => PlainParts, notation = jsonNotation): Promise<KeptDocument> {
  const made = before.then(() => make(toParts(), notation));
  before = made.catch(() => undefined);
  return made;
}

async function make(
  { paths, components, securitySchemes, ...head }: PlainParts,
  notation: Notation,
): Promise<KeptDocument> {
  const written = new Written();
  const { openapi, info, servers, security, tags } = head;
  const [begin, end] = notation.around;
  const member = (name: string, value: unknown, depth: number, first = false) =>
    written.add(notation.name(name, depth, first) + notation.value(value, depth));
  written.add(begin);
  member("openapi", openapi, 0, true);
  member("info", info, 0);
  // JSON is YAML's flow style.
  written.add(notation.name("servers", 0, false) + notation.gap);
  const from = await written.length();
  written.add(JSON.stringify(servers));
  const to = await written.length();
  member("security", security, 0);
  member("tags", tags, 0);
  const object = async (name: string, depth: number, first: boolean, members: Iterable<readonly [string, unknown]>) => {
    written.add(notation.name(name, depth, first) + notation.begin);
    let isFirst = true;
    for (const [inner, value] of members) {
      member(inner, value, depth + 1, isFirst);
      isFirst = false;
      await written.rest();
    }
    written.add(notation.end(isFirst));
  };
  await object("paths", 0, false, pairsOf(paths()));
  for (const _ of components.settle()) await written.rest();
  written.add(notation.name("components", 0, false) + notation.begin);
  const kinds: Iterable<readonly [string, Iterable<readonly [string, unknown]>]> = [
    ...components.all,
    ...(securitySchemes === undefined ? [] : [["securitySchemes", Object.entries(securitySchemes)] as const]),
  ];
  let isFirst = true;
  for (const [kind, named] of kinds) {
    await object(kind, 1, isFirst, named);
    isFirst = false;
  }
  written.add(notation.end(isFirst) + end);
  return { ...(await written.end()), servers: [from, to] };
}

function* pairsOf(paths: Iterable<PathPart>): Generator<readonly [string, unknown], void> {
  for (const { address, item } of paths) yield [address, item];
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
