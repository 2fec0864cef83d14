// What the first process and its workers say to each other.

/** A worker is ready for requests. */
export interface WorkerReady {
  readonly sapwood: "listening";
  readonly url: string;
  /** For whoever started it. */
  readonly warning?: string;
}

/** A worker's question to all others, by way of the first process. */
export interface WorkerQuestion {
  readonly sapwood: "ask" | "asked";
  /** Of whoever sends it. */
  readonly id: number;
  readonly topic: string;
  readonly data?: unknown;
}

/** One worker's answer; nothing where it has none. */
export interface WorkerAnswer {
  readonly sapwood: "answer";
  readonly id: number;
  readonly value?: unknown;
}

/** All of them. */
export interface WorkerAnswers {
  readonly sapwood: "answers";
  readonly id: number;
  readonly values: readonly unknown[];
}

/** A worker is to end: another one has taken its place. */
export interface Retire {
  readonly sapwood: "retire";
}

export type Message = WorkerReady | WorkerQuestion | WorkerAnswer | WorkerAnswers | Retire;

/** Other packages use the same way. */
export const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && "sapwood" in value;

/** In a worker's environment: how many there are, and what none but they know. */
export const WORKERS = "SAPWOOD_OF_WORKERS";
export const SECRET = "SAPWOOD_WORKERS_SECRET";
