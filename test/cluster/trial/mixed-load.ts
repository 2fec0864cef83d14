// Clients of several processes behind a load balancer, and what they were answered: writes with a key, which are sent again until they
// are answered; reads of what was written, through whichever process; reads of nobody in particular.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, ask } from "./ask.js";

export interface Counts {
  /** By status; `balancer 502` is the load balancer's own word, of a process that died with the request. */
  readonly answers: Record<string, number>;
  /** Texts of rows whose adding was acknowledged, each another one, by their ids. */
  readonly added: Map<number, string>;
  /** Texts that the last acknowledged change of a client's own row left there, by its id. */
  readonly changed: Map<number, string>;
  /** What a client had written, and did not read. */
  readonly unread: string[];
  /** Answers that nobody may get. */
  readonly wrong: string[];
}

export interface Load {
  readonly counts: Counts;
  /** Waits until all clients have been answered. */
  stop(): Promise<Counts>;
  /** Nobody asks any more, answered or not. */
  end(): void;
}

/** Milliseconds until what was refused for the moment is asked again. */
const AGAIN = 50;
/** Milliseconds between a client's requests: the machine has other things to do. */
const PAUSE = 20;
interface Settings {
  readonly base: string;
  /** Of somebody who may write. */
  readonly token: string;
  readonly writers: number;
  readonly readers: number;
}

/** Rows 1 to `writers` of `notes` are there, one for each who writes. */
export function startLoad({ base, token, writers, readers }: Settings): Load {
  const counts: Counts = { answers: {}, added: new Map(), changed: new Map(), unread: [], wrong: [] };
  const authorization = `Bearer ${token}`;
  let goesOn = true;
  let isOver = false;

  /** Until it is answered for good. */
  async function insist(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    while (!isOver) {
      const answer = await ask(base + path, method, { ...headers, authorization }, body);
      if (!isForNow(answer, counts)) return answer;
      await sleep(AGAIN);
    }
    throw new Error("it is over");
  }

  /** What was written is there for whoever wrote it. */
  async function readBack(id: number, text: string, written: Answer): Promise<void> {
    const position = written.headers["sapwood-position"];
    const read = await insist("GET", `/api/notes/${id}`, undefined, position ? { "sapwood-position": position } : {});
    if (read.status !== 200 || JSON.parse(read.text).text !== text)
      counts.unread.push(`${id}: ${text}, not ${read.status} ${read.text}`);
  }

  async function add(text: string): Promise<void> {
    const written = await insist("POST", "/api/notes", { text }, { "idempotency-key": randomUUID() });
    if (written.status !== 201) return void counts.wrong.push(`${written.status} for a write: ${written.text}`);
    const { id } = JSON.parse(written.text);
    counts.added.set(id, text);
    await readBack(id, text, written);
  }

  async function change(own: number, text: string): Promise<void> {
    const written = await insist("PATCH", `/api/notes/${own}`, { text });
    if (written.status !== 200) return void counts.wrong.push(`${written.status} for a change: ${written.text}`);
    counts.changed.set(own, text);
    await readBack(own, text, written);
  }

  async function write(own: number): Promise<void> {
    for (let i = 0; goesOn; i++) {
      const text = `${own} wrote ${i}`;
      await (i % 2 === 0 ? add(text) : change(own, text));
      await sleep(PAUSE);
    }
  }

  const questions = ["/api/notes?limit=5", "/api/notes/1", "/api/notes?select=id,text&text=like:1%25&limit=3"];
  async function read(turn: number): Promise<void> {
    for (let i = turn; goesOn; i++) {
      const answer = await ask(base + (questions[i % questions.length] as string), "GET", {});
      if (!isForNow(answer, counts) && answer.status !== 200)
        counts.wrong.push(`${answer.status} for a read: ${answer.text}`);
      await sleep(PAUSE);
    }
  }

  const clients = [
    ...Array.from({ length: writers }, (_, i) => write(i + 1)),
    ...Array.from({ length: readers }, (_, i) => read(i)),
  ];
  const ended = clients.map((client) => client.catch((error) => void counts.wrong.push(String(error))));
  return {
    counts,
    end() {
      goesOn = false;
      isOver = true;
    },
    async stop() {
      goesOn = false;
      await Promise.all(ended);
      return counts;
    },
  };
}

/** Is it to be asked again? Counts it. */
function isForNow(answer: Answer, { answers, wrong }: Counts): boolean {
  const { status, headers, text } = answer;
  const isOurs = headers["content-type"]?.startsWith("application/problem+json") === true;
  const name = status === 502 && !isOurs ? "balancer 502" : String(status);
  answers[name] = (answers[name] ?? 0) + 1;
  if (name === "balancer 502") return true;
  // The key's first request may be under way still.
  const canWait = headers["retry-after"] !== undefined && (status === 503 || status === 409);
  if (status >= 500 && !canWait) wrong.push(`${status}: ${text}`);
  return canWait || status >= 500;
}
