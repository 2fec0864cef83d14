// The servers that reads may go to, and which of them a request is answered by. How far each has come is asked twice a second.
import type { Logger } from "../base/logger.js";
import type { Replication } from "../dialect/parts/replication.js";
import { askOf } from "./database.js";
import { REPLICA_PATIENCE, type Replica, type ReplicaState } from "./replica.js";
import type { OpenDatabase } from "./session.js";

/** Milliseconds between two looks at the servers. */
const BETWEEN = 500;
/** The most places that are remembered to tell a replica's lag by. */
const MOST_PLACES = 1_000;

/** How a replica is at the moment, for people and programs to read. */
export interface ReplicaHealth {
  readonly name: string;
  readonly state: ReplicaState;
  /** Seconds behind the server that is written to; `null` where it is not known. */
  readonly lag: number | null;
}

/** Where the log of the server that is written to ended at some time. */
interface Place {
  readonly at: number;
  readonly position: string;
}

export class ReplicaSet {
  /** Oldest first. */
  #places: Place[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Is the server that is written to there? While it is away nothing is written that a replica could be behind of. */
  #isPrimaryThere = true;
  #turn = 0;

  constructor(
    readonly primary: OpenDatabase,
    readonly replicas: readonly Replica[],
    readonly replication: Replication,
    /** In seconds. */
    readonly maxLag: number,
    readonly logger: Logger | undefined,
  ) {}

  /** Looks at all servers once, and again and again from then on. Rejects where the database does not say how far it has come. */
  async begin(): Promise<void> {
    const position = await this.position();
    if (!this.isPosition(position))
      throw new Error(
        "The option replicas needs a database that numbers what is written: on MySQL --gtid-mode=ON, on MariaDB --log-bin.",
      );
    await this.#look();
    for (const { name, state, lag } of this.health())
      this.logger?.info({ replica: name, state, lag }, `${name} is ${state}`);
    this.#next();
  }

  isPosition(text: string): boolean {
    return this.replication.isPosition(text);
  }

  /** Past all that is committed at this moment. */
  async position(): Promise<string> {
    const [row] = await askOf(this.primary, REPLICA_PATIENCE)(this.replication.position);
    return String(row?.position ?? "");
  }

  /** A replica that shows what was written up to each of these positions; `undefined` where none does. */
  async choose(after: readonly string[]): Promise<Replica | undefined> {
    const ready = this.#ready();
    if (ready.length === 0) return undefined;
    const fits = (replica: Replica) => after.every((position) => replica.hasReached(position));
    const known = ready.find(fits);
    if (known !== undefined) return known;
    // It may have come further since it was asked.
    const [first] = ready;
    await first?.look();
    return first !== undefined && first.state === "ready" && fits(first) ? first : undefined;
  }

  health(): readonly ReplicaHealth[] {
    return this.replicas.map(({ name, state, lag }) => ({ name, state, lag: lag ?? null }));
  }

  forgetStatements(): void {
    for (const { database } of this.replicas) database.forgetStatements();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }

  /** Those with the least to do first, in turn where they have the same. */
  #ready(): readonly Replica[] {
    const ready = this.replicas.filter(({ state }) => state === "ready");
    if (ready.length < 2) return ready;
    const from = this.#turn++ % ready.length;
    return [...ready.slice(from), ...ready.slice(0, from)].sort((one, other) => one.running - other.running);
  }

  #next(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#next()), BETWEEN);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const before = this.replicas.map(({ state }) => state);
    await this.#notePlace();
    await Promise.all(this.replicas.map((replica) => replica.look()));
    for (const replica of this.replicas) this.#judge(replica);
    for (const [i, { name, state, lag }] of this.replicas.entries())
      if (before[i] !== state)
        this.logger?.[state === "ready" ? "info" : "warn"]({ replica: name, state, lag }, `${name} is ${state}`);
  }

  async #notePlace(): Promise<void> {
    const at = performance.now();
    try {
      this.#places.push({ at, position: await this.position() });
      this.#isPrimaryThere = true;
    } catch {
      this.#isPrimaryThere = false;
    }
    const isOld = ({ at: then }: Place) => at - then > 4 * this.maxLag * 1000;
    while (this.#places.length > MOST_PLACES || (this.#places.length > 1 && isOld(this.#places[0] as Place)))
      this.#places.shift();
  }

  /** Its lag is the time since the log of the server that is written to ended where the replica is now. */
  #judge(replica: Replica): void {
    if (replica.position === undefined || replica.state === "away") return;
    const reached = this.#places.findLast(({ position }) => replica.hasReached(position));
    const isUpToDate = reached === this.#places.at(-1);
    const now = performance.now();
    if (reached === undefined) replica.lag = undefined;
    else if (isUpToDate) replica.lag = this.#isPrimaryThere ? (now - reached.at) / 1000 : 0;
    else replica.lag = (now - reached.at) / 1000;
    const isNear = isUpToDate || (replica.lag !== undefined && replica.lag <= this.maxLag);
    replica.state = isNear ? "ready" : "behind";
  }
}
