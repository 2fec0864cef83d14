// When one request must end: its time is over, or its client has left. Says what was kept of a write that did not end well.

import { setMaxListeners } from "node:events";
import { lastLook, OUT, unwatch, type Watched, watch } from "../base/sweep.js";
import type { ApiRequest } from "./message.js";
import { type HttpError, problem } from "./problem.js";

/** How long what cannot be broken off may still take, in milliseconds: a commit that was sent, work behind it. */
const PATIENCE = 10_000;

/** What the database holds of a write. `unknown`: the connection was lost between the statement and its answer. */
type Outcome = "nothing" | "kept" | "unknown";

export class Deadline implements Watched {
  place = OUT;
  /** Connections that this request has, or waits for. */
  held = 0;
  /** Set once statements are not begun any more, and running ones are broken off. */
  broken: HttpError | undefined;
  #reason: HttpError | undefined;
  #endedAt = 0;
  #until: number;
  #outcome: Outcome = "nothing";
  #controller: AbortController | undefined;
  #giveUp: ((reason: HttpError) => void) | undefined;
  #heard: Set<() => void> | undefined;

  /** `limit` in milliseconds. */
  constructor(
    readonly request: Pick<ApiRequest, "method" | "signal">,
    readonly limit: number,
  ) {
    watch(this);
    this.#until = lastLook() + limit;
  }

  /** For hooks: made when it is first looked at. */
  get signal(): AbortSignal {
    this.#controller ??= heardByMany();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Throws where no statement is to be begun any more. */
  check(): void {
    if (this.broken !== undefined) throw this.broken;
  }

  /** The write is in the database: what follows is not broken off, as the answer must say so. */
  keep(): void {
    this.#outcome = "kept";
    this.broken = undefined;
  }

  /** Nobody can say whether the write is in the database. */
  lose(): void {
    if (this.#outcome === "nothing") this.#outcome = "unknown";
  }

  /** `work`, or what `late` makes of the reason where the request must end before it does. */
  until<T>(work: Promise<T>, late: (reason: HttpError) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = (reason) => {
        unwatch(this);
        resolve(late(this.told(reason)));
      };
      // Before anybody hears of it: pieces of an answer are watched from then on.
      work.then(
        (done) => {
          unwatch(this);
          resolve(done);
        },
        (error) => {
          unwatch(this);
          reject(error);
        },
      );
    });
  }

  /** Ends with the last piece of an answer, or where nobody takes it any more; each piece has the whole time. */
  async *through<T>(pieces: AsyncIterable<T>): AsyncGenerator<T, void> {
    this.#giveUp = undefined;
    watch(this);
    try {
      for await (const piece of pieces) {
        this.#until = Number.POSITIVE_INFINITY;
        yield piece;
        this.#until = lastLook() + this.limit;
      }
    } finally {
      unwatch(this);
    }
  }

  /** Waits for the client, whose time is the host's affair: the clock stands still. */
  async pausing<T>(work: Promise<T>): Promise<T> {
    this.#until = Number.POSITIVE_INFINITY;
    try {
      return await work;
    } finally {
      this.#until = lastLook() + this.limit;
    }
  }

  /** Waits for the work, but no longer than the request has: then it goes on by itself. */
  async patient(work: Promise<unknown>): Promise<void> {
    if (this.#reason !== undefined) return;
    await new Promise<void>((resolve, reject) => {
      const leave = this.#hear(resolve);
      work.finally(leave).then(() => resolve(), reject);
    });
  }

  /** A refusal, with what the database holds of the write. */
  told(error: HttpError): HttpError {
    const { method } = this.request;
    if (method === "GET" || method === "HEAD" || !unsure.has(error.code)) return error;
    if (this.#outcome === "nothing" && error.code !== "timeout") return error;
    return error.said(`${error.message} ${words[this.#outcome]}`, {});
  }

  look(now: number): void {
    if (this.#reason === undefined) {
      if (now >= this.#until) this.#end(now, late());
      else if (this.request.signal?.aborted) this.#end(now, left());
      return;
    }
    const isOver = now - this.#endedAt > PATIENCE;
    if (this.#outcome !== "kept" || isOver) this.broken = this.#reason;
    // Who holds a connection is told by it.
    if (isOver || (this.held === 0 && this.#outcome !== "kept")) this.#giveUp?.(this.#reason);
  }

  /** Answers what takes the listener off again. */
  #hear(listener: () => void): () => void {
    this.#heard ??= new Set();
    const heard = this.#heard.add(listener);
    return () => void heard.delete(listener);
  }

  #end(now: number, reason: HttpError): void {
    this.#reason = reason;
    this.#endedAt = now;
    if (this.#outcome !== "kept") this.broken = reason;
    this.#controller?.abort(reason);
    for (const hear of [...(this.#heard ?? [])]) hear();
  }
}

/** Each row's hooks may listen, and what they call: Node would take more than ten for a leak. */
function heardByMany(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

const unsure: ReadonlySet<string> = new Set(["timeout", "database_away", "client_left"]);

const words: Readonly<Record<Outcome, string>> = {
  nothing: "Nothing was changed.",
  kept: "The change is kept: only the answer is missing.",
  unknown: "Nobody can say whether the change was kept: look at the rows before you send it again.",
};

const late = (): HttpError => problem("timeout", "The answer was not ready in time. Ask for less, or try again later.");
const left = (): HttpError => problem("client_left", "The client left before the answer was ready.");
