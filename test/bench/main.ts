// `npm run bench`: how fast sapwood is, as ratios to the same routes by hand and to the least that Node and the driver need.
import { cpus } from "node:os";
import { Command, Option } from "commander";
import { endAll, endAllOnExit } from "../support/daemon.js";
import { hasMysql } from "../support/mysql.js";
import { requireAgreement } from "./agree.js";
import { type DatabaseName, databaseNames } from "./candidate.js";
import { candidates } from "./candidates.js";
import { chinook, million, type Size } from "./data.js";
import { documents } from "./documents.js";
import { growth } from "./growth.js";
import { openPlace, type Place } from "./place.js";
import { type Server, startLoad, startServer } from "./processes.js";
import type { Kind } from "./profile.js";
import { type Question, questionsFor } from "./questions.js";
import { measure, oneRound, type Settings } from "./rounds.js";
import { scale } from "./scale.js";
import { soak } from "./soak.js";
import { stream } from "./stream.js";
import { figures, tableHead, tableRow } from "./table.js";
import { worst, worstOfDocuments } from "./worst.js";
import { addWorst } from "./worst-requests.js";

interface Options extends Settings {
  readonly database: readonly DatabaseName[];
  readonly candidate: readonly string[];
  readonly question: readonly string[];
  readonly profile: boolean;
  readonly memory: boolean;
  readonly growth: boolean;
  readonly documents: boolean;
  readonly stream: boolean;
  readonly worst: boolean;
  readonly scale: boolean;
  /** Minutes. */
  readonly soak?: number;
}

const questionNames = questionsFor(chinook).map(({ name }) => name);
const list = (flag: string, what: string, names: readonly string[], first = names, said = "all") =>
  new Option(`--${flag} <names...>`, what).choices(names).default(first, said);
/** One of them is on few machines. */
const isHere: Readonly<Record<DatabaseName, boolean>> = {
  sqlite: true,
  postgres: true,
  mariadb: true,
  mysql: hasMysql(),
};
const here = databaseNames.filter((name) => isHere[name]);

const program = new Command("npm run bench --")
  .description("Compares sapwood with routes by hand and with the floor, in one run, as ratios.")
  .addOption(list("database", "databases", databaseNames, here, "all that are here"))
  .addOption(
    list(
      "candidate",
      "what is compared",
      candidates.map(({ name }) => name),
    ),
  )
  .addOption(list("question", "what is asked", questionNames))
  .addOption(new Option("--size <size>", "how much data").choices(["chinook", "million"]).default("chinook"))
  .option("--rounds <count>", "counted rounds", Number, 5)
  .option("--seconds <seconds>", "of load in each", Number, 2)
  .option("--connections <count>", "at once", Number, 16)
  .option("--profile", "instead: which functions take each candidate's time", false)
  .option("--memory", "instead: what each candidate allocates for a request", false)
  .option("--growth", "instead: what a start and a request cost with 10, 1,000 and 10,000 tables", false)
  .option("--documents", "instead: how long others wait while large OpenAPI documents are made", false)
  .option("--stream", "instead: the memory that a list of 1,000,000 rows takes", false)
  .option("--worst", "instead: what the most expensive requests cost a server with a million tracks", false)
  .option("--scale", "instead: more workers, replicas and kept answers against one process", false)
  .option("--soak <minutes>", "instead: the heap under all questions for so long", Number)
  .parse();

const options = program.opts<Options>();
async function onDatabase(database: DatabaseName): Promise<void> {
  if (options.growth) {
    console.log(`\n## ${database}, ${machine()}\n`);
    return growth(database);
  }
  const size = options.stream || options.worst ? million : { chinook, million }[options.size];
  const place = await openPlace(database, size, options.worst ? addWorst : undefined);
  console.log(`\n## ${database} ${place.version}, ${size.tracks.toLocaleString("en")} tracks, ${machine()}\n`);
  try {
    if (options.worst) await worst(place);
    else if (options.stream) await stream(place);
    else if (options.soak !== undefined) await soak(options.soak, place, load, options.size);
    else await compare(place, size);
  } finally {
    await place.close();
  }
}

async function documentsAtWorst(): Promise<void> {
  console.log(`\n## documents, ${machine()}\n`);
  await worstOfDocuments();
}

async function scaled(): Promise<void> {
  console.log(`\n## scale, ${machine()}\n`);
  await scale(load, options.question, options);
}

async function compare(place: Place, size: Size): Promise<void> {
  const questions = questionsFor(size, place.database).filter(({ name }) => options.question.includes(name));
  const servers: Server[] = [];
  try {
    for (const candidate of candidates.filter(({ name }) => options.candidate.includes(name)))
      servers.push(await startServer(candidate, place.database, place.url));
    const named = servers.map(({ candidate: { name, family }, base }) => ({ name, family, base }));
    await requireAgreement(questions, named, place.run);
    if (options.profile) await profiles("cpu", place, questions, servers);
    if (options.memory) await profiles("memory", place, questions, servers);
    if (!options.profile && !options.memory) await ratios(place, questions, servers);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

const machine = (): string => `${cpus()[0]?.model.trim()} × ${cpus().length}, Node ${process.versions.node}`;

async function ratios(place: Place, questions: readonly Question[], servers: readonly Server[]): Promise<void> {
  const ours = servers.map(({ candidate }) => candidate).filter(({ family }) => family === "sapwood");
  const rows: string[] = [];
  for (const question of questions) {
    const rounds = await measure(question, servers, place, load, options);
    console.log(`${question.name}\n${figures(rounds)}`);
    rows.push(tableRow(question.name, ours, rounds));
  }
  console.log(`\n${[tableHead(ours), ...rows].join("\n")}`);
}

async function profiles(
  kind: Kind,
  place: Place,
  questions: readonly Question[],
  servers: readonly Server[],
): Promise<void> {
  const shown = {
    cpu: (time: number) => `${time.toFixed(1)} µs`,
    memory: (bytes: number) => `${(bytes / 1024).toFixed(2)} KiB`,
  };
  for (const question of questions) {
    for (const server of servers) {
      const warm = await oneRound(question, server, place, load, options);
      const warmer = await oneRound(question, server, place, load, options, warm);
      let answered = 0;
      const { total, by } = await server.profiled(kind, async () => {
        answered = (await oneRound(question, server, place, load, options, warmer)).answered;
      });
      console.log(`${question.name}, ${server.candidate.name}: ${shown[kind](total / answered)} a request`);
      for (const [where, amount] of by) console.log(`  ${shown[kind](amount / answered).padStart(12)}  ${where}`);
    }
  }
}

const forget = endAllOnExit();
const load = startLoad();
try {
  if (options.documents) await documents();
  else if (options.scale) await scaled();
  else for (const database of options.database) await onDatabase(database);
  if (options.worst) await documentsAtWorst();
} finally {
  load.close();
  await endAll();
  forget();
}
