// What comes from the server, message by message (manual: protocol-message-formats), before pg's parser has it: rows that a query
// takes as bytes, so that no string is made of each of their columns. Everything else goes on to pg as it came.
import type { EventEmitter } from "node:events";

/** From the columns' number to the end. */
export type TakeRow = (bytes: Buffer, at: number, end: number) => void;

type Hear = (bytes: Buffer) => void;

const taps = new WeakMap<EventEmitter, Tap>();

export class Tap {
  /** Who takes the rows that come; nobody where they are pg's. */
  take: TakeRow | undefined;
  /** Is a row of so many bytes, of which some are there, to be waited for? What is not is dropped, with all that is behind it. */
  fits: (length: number) => boolean = () => true;

  /** The beginning of a message that must be whole, and how long that is. */
  #held: Buffer[] = [];
  #heldLength = 0;
  #needed = 0;
  /** Bytes to come of a message whose beginning has gone on. */
  #left = 0;

  private constructor(readonly pass: Hear) {}

  /** The one of a connection's stream, put in when nothing is under way. None where pg is not the only one to listen. */
  static on(stream: EventEmitter): Tap | undefined {
    const known = taps.get(stream);
    if (known !== undefined) return known;
    const [hear, ...others] = stream.listeners("data") as Hear[];
    if (hear === undefined || others.length > 0) return undefined;
    const tap = new Tap(hear);
    stream.removeListener("data", hear);
    stream.on("data", (bytes: Buffer) => tap.#hear(bytes));
    taps.set(stream, tap);
    return tap;
  }

  #hear(heard: Buffer): void {
    let rest = heard;
    while (this.#needed > 0 && rest.length > 0) rest = this.#complete(rest);
    if (rest.length > 0) this.#read(rest);
  }

  /** Takes no more than what is needed to what was held: all that was heard would be copied else. Answers with the rest. */
  #complete(heard: Buffer): Buffer {
    const missing = this.#needed - this.#heldLength;
    this.#held.push(heard.subarray(0, missing));
    this.#heldLength += Math.min(missing, heard.length);
    if (this.#heldLength === this.#needed) {
      const bytes = Buffer.concat(this.#held, this.#heldLength);
      this.#held = [];
      this.#needed = 0;
      this.#read(bytes);
    }
    return heard.subarray(missing);
  }

  #read(bytes: Buffer): void {
    let from = 0;
    let at = this.#left;
    let end = at;
    while (at + HEADER <= bytes.length) {
      end = at + 1 + Math.max(4, bytes.readInt32BE(at + 1));
      const letter = bytes[at];
      if ((letter === DATA_ROW || letter === BIND_COMPLETE) && this.take !== undefined) {
        if (end > bytes.length) {
          if (this.fits(end - at)) break;
          return;
        }
        if (from < at) this.pass(bytes.subarray(from, at));
        if (letter === DATA_ROW) this.take(bytes, at + HEADER, end);
        from = end;
      }
      at = end;
    }
    if (at < bytes.length) this.#hold(bytes.subarray(at), end > at ? end - at : HEADER);
    this.#left = Math.max(0, at - bytes.length);
    // May be the end of a query, and the beginning of another one.
    if (from < at) this.pass(bytes.subarray(from, at));
  }

  #hold(bytes: Buffer, needed: number): void {
    this.#held = [bytes];
    this.#heldLength = bytes.length;
    this.#needed = needed;
  }
}

const DATA_ROW = "D".charCodeAt(0);
/** Comes before the rows. pg has no use for it, and would be called once more. */
const BIND_COMPLETE = "2".charCodeAt(0);
/** A message's letter and its length, which counts itself and what follows. */
const HEADER = 5;
