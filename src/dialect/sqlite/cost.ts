// Which statements run off the main thread, where each costs a message there and one back (100 to 200 µs): those that took long, and,
// in a large file, those that could. In: how long each took. Out: where the next one of the same text runs.
import { createHash } from "node:crypto";
import { statSync } from "node:fs";

/** In milliseconds. From here on the next one runs elsewhere; one that was short there comes back. */
const LONG = 5;
const SHORT = 1;
/** From here on it stays there for a while, however short the next ones are: other values of the same statement were long. */
const VERY_LONG = 25;
const WHILE = 60_000;

/** A file below this is read through in less than anyone notices. In bytes. */
const LARGE = 4_194_304;
/** How often the file's size is looked at. */
const LOOK = 10_000;

/** As many as `rememberStatements` knows; the oldest is measured anew. */
const MOST = 1_000;
/** A longer text is known by its digest. */
const LONG_TEXT = 4_096;

/**
 * The clock runs on while other processes have the processor, which makes any statement long now and then. The processor's time
 * says what was our own, but asking for it takes longer than the clock, so that it is asked no more often than this.
 */
const SAMPLE = 4;

interface Cost {
  /** It stays in a reader until then; 0 where it does not. */
  readonly until: number;
  /** The last one in a reader was very long. */
  readonly slow: boolean;
  /** With other values it may read any number of rows before it finds one. */
  readonly scans: boolean;
}

const cheap: Cost = { until: 0, slow: false, scans: false };

export class Costs {
  readonly #known = new Map<string, Cost>();
  #large = false;
  #lookAt = 0;
  #sampled = { at: 0, processor: process.cpuUsage() };

  constructor(readonly filename: string) {}

  /** Where it runs now: on the main thread, or in a reader, where what is `long` must not be in the way of what is not. */
  placeOf(text: string): "here" | "reader" | "long" {
    const now = performance.now();
    if (now >= this.#lookAt) this.#look(now);
    const cost = this.#known.get(keyOf(text));
    if (cost === cheap) return "here";
    if (cost === undefined) return this.#large ? "reader" : "here";
    return cost.slow ? "long" : "reader";
  }

  /** Has it not run yet, as far as is known? */
  isNew = (text: string): boolean => !this.#known.has(keyOf(text));

  /** It is not to run on the main thread, whatever it took elsewhere. */
  fear(text: string): void {
    this.#set(text, { ...cheap, scans: true });
  }

  /** Before a statement runs on the main thread: the time. */
  startHere(): number {
    const now = performance.now();
    if (now - this.#sampled.at > SAMPLE) this.#sampled = { at: now, processor: process.cpuUsage() };
    return now;
  }

  /** `alone`: no reader was at work, whose time would count as well. */
  endHere(text: string, start: number, alone: boolean): void {
    const wall = performance.now() - start;
    const milliseconds = wall < LONG ? wall : Math.min(wall, this.#processorTime());
    if (milliseconds >= LONG) this.#set(text, { ...cheap, until: longUntil(alone ? milliseconds : LONG) });
    else if (!this.#known.has(keyOf(text))) this.#set(text, cheap);
  }

  /** `scans` is told of a new statement. */
  tookThere(text: string, milliseconds: number, scans?: boolean): void {
    const known = this.#known.get(keyOf(text)) ?? { ...cheap, scans: scans ?? false };
    const slow = milliseconds >= VERY_LONG;
    if (milliseconds >= LONG)
      this.#set(text, { ...known, slow, until: Math.max(known.until, longUntil(milliseconds)) });
    else if (known.scans) this.#set(text, { ...known, slow });
    else if (known.until === 0 || (milliseconds < SHORT && known.until < performance.now())) this.#set(text, cheap);
    else if (known.slow) this.#set(text, { ...known, slow });
  }

  #processorTime(): number {
    const { user, system } = process.cpuUsage(this.#sampled.processor);
    return (user + system) / 1_000;
  }

  #set(text: string, cost: Cost): void {
    const key = keyOf(text);
    if (this.#known.size >= MOST && !this.#known.has(key)) {
      this.#known.delete(this.#known.keys().next().value as string);
    }
    this.#known.set(key, cost);
  }

  #look(now: number): void {
    this.#lookAt = now + LOOK;
    const large = (statSync(this.filename, { throwIfNoEntry: false })?.size ?? 0) > LARGE;
    // What was cheap in a small file may be so no more.
    if (large && !this.#large) this.#known.clear();
    this.#large = large;
  }
}

const keyOf = (text: string): string =>
  text.length <= LONG_TEXT ? text : createHash("sha256").update(text).digest("base64");

const longUntil = (milliseconds: number): number => performance.now() + (milliseconds >= VERY_LONG ? WHILE : 0);

/**
 * Could a statement take long in a file that is read through at once? A loop within a loop goes through it again and again, and what
 * recurs ends when it likes.
 */
export const isRisky = (steps: readonly string[]): boolean =>
  steps.some((step) => step.startsWith("RECURSIVE")) ||
  steps.filter((step) => /^SCAN (?!\(|CONSTANT)/.test(step)).length > 1;

/**
 * Does a statement read rows that it does not answer? What EXPLAIN QUERY PLAN says of it (https://sqlite.org/eqp.html): rows that no
 * index leads to are read until one fits, or are skipped, or are sorted. The text of our own is as its compiler writes it.
 */
export const isScan = (text: string, steps: readonly string[]): boolean =>
  / WHERE | OFFSET /.test(text) && steps.some((step) => /^(SCAN (?!\()|USE TEMP B-TREE)/.test(step));
