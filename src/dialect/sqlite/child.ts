// A process of sapwood's own that runs one of its programs. In: what the program is to begin with, then questions, one at a time.
// Out: what it answers. A process, not a thread: only a process can be ended while SQLite is in the midst of a statement.
import { type ChildProcess, fork } from "node:child_process";

/** Those that run now: none outlives this process. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Child<Question extends object, Answer> {
  readonly #process: ChildProcess;
  /** It could begin. */
  ready = false;
  readonly ended: Promise<void>;

  /** Throws where Node's permission model forbids it; a program that cannot begin ends. */
  constructor(program: string, opening: object, answered: (answer: Answer) => void) {
    // A debugger's port, say, is this process's alone.
    const { NODE_OPTIONS, ...env } = process.env;
    const child = fork(program, {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env,
    });
    this.#process = child;
    running.add(child);
    child.on("message", (message) => {
      if (message === "ready") this.ready = true;
      else answered(message as Answer);
    });
    this.ended = new Promise((resolve) => {
      const end = () => {
        running.delete(child);
        resolve();
      };
      // One that could not be started has no exit.
      child.on("error", () => child.pid === undefined && end());
      child.on("exit", end);
    });
    child.send(opening, ignored);
  }

  /** Its end is told by `ended`. */
  send(question: Question): void {
    this.#process.send(question, ignored);
  }

  end(): void {
    this.#process.kill("SIGKILL");
  }
}

const ignored = () => {};
