// `--scale`: the same server with more workers, with replicas, and with kept answers, each against one process alone: requests a
// second as ratios of one run, and the memory that one more process takes.
import { setTimeout as sleep } from "node:timers/promises";
import knex from "knex";
import { startPostgresCluster } from "../support/postgres-cluster.js";
import { type Command, endCommand, startCommand } from "./command.js";
import { chinook, fill } from "./data.js";
import { residentOf } from "./footprint.js";
import type { Place } from "./place.js";
import type { Load } from "./processes.js";
import { type Question, questionsFor } from "./questions.js";
import { measure, type Ratio, ratio, type Settings } from "./rounds.js";
import { figures } from "./table.js";

const ALONE = "one process";
const asked = ["one row", "100 rows", "nested children", "update"];

/** The flags of each way to serve, by what it is called; replicas by their number. */
const ways: Readonly<Record<string, (replicas: readonly string[]) => readonly string[]>> = {
  [ALONE]: () => [],
  "2 workers": () => ["--workers", "2"],
  "1 replica": ([one = ""]) => ["--replicas", one],
  "2 replicas": (both) => ["--replicas", both.join(",")],
  "kept answers": () => ["--cache-ttl", "600"],
  "kept answers, 2 workers": () => ["--cache-ttl", "600", "--workers", "2"],
};

/** `names`: of the questions that are asked, those that are wanted. */
export async function scale(load: Load, names: readonly string[], settings: Settings): Promise<void> {
  const cluster = await startPostgresCluster(2);
  const { url } = cluster.primary;
  const connection = knex({ client: "pg", connection: url });
  await fill(connection, "postgres", chinook);
  const place: Place = {
    database: "postgres",
    url,
    version: "",
    run: async (statements) => {
      for (const statement of statements) await connection.raw(statement);
    },
    close: () => connection.destroy(),
  };
  const replicas = cluster.replicas.map((replica) => replica.url);
  const [end] = await cluster.primary.ask("SELECT pg_current_wal_lsn()::text AS at");
  const reached = "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS reached";
  for (const replica of cluster.replicas) while (!(await replica.ask(reached, [end?.at]))[0]?.reached) await sleep(100);
  const running = new Map<string, Command>();
  try {
    for (const [name, flags] of Object.entries(ways))
      running.set(name, await startCommand(url, ["--prefix", "/", ...flags(replicas)]));
    const questions = questionsFor(chinook).filter(({ name }) => asked.includes(name) && names.includes(name));
    await ratios(questions, running, place, load, settings);
  } finally {
    await Promise.all([...running.values()].map((command) => endCommand(command)));
    await place.close();
  }
  await memory(url);
}

async function ratios(
  questions: readonly Question[],
  running: ReadonlyMap<string, Command>,
  place: Place,
  load: Load,
  settings: Settings,
): Promise<void> {
  const servers = [...running].map(([name, { base }]) => ({
    candidate: { name, family: "sapwood" as const },
    base: new URL(base).origin,
  }));
  const others = Object.keys(ways).filter((name) => name !== ALONE);
  const rows: string[] = [];
  for (const question of questions) {
    const rounds = await measure(question, servers, place, load, settings);
    console.log(`${question.name}\n${figures(rounds)}`);
    const alone = rounds.get(ALONE) ?? [];
    rows.push(
      `| ${[question.name, ...others.map((name) => shown(ratio(rounds.get(name) ?? [], alone)))].join(" | ")} |`,
    );
  }
  console.log(
    `\n| Against ${ALONE} | ${others.join(" | ")} |\n| --- ${"| --- ".repeat(others.length)}|\n${rows.join("\n")}`,
  );
}

const shown = ({ median, least, most }: Ratio): string =>
  `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;

/** Milliseconds that a server settles. */
const SETTLING = 3_000;
/** Requests before it is looked at. */
const WARM = 500;

async function memory(url: string): Promise<void> {
  console.log("\n| Processes | Resident |\n| --- | --- |");
  for (const flags of [[], ["--workers", "1"], ["--workers", "2"], ["--workers", "3"]]) {
    const command = await startCommand(url, flags);
    for (let i = 0; i < WARM; i++) await (await fetch(`${command.base}/tracks/${i + 1}`)).arrayBuffer();
    await sleep(SETTLING);
    const bytes = residentOf(command.child.pid as number);
    await endCommand(command);
    console.log(`| ${flags.join(" ") || ALONE} | ${Math.round(bytes / 2 ** 20)} MiB |`);
  }
}
