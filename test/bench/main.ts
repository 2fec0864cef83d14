// `npm run bench`: how fast sapwood is, as ratios to the same routes by hand and to the least that Node and the driver need.
import { mkdirSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { endAll, endAllOnExit, scratch } from "../support/daemon.js";
import { requireAgreement } from "./agree.js";
import { type Candidate, type DatabaseName, databaseNames } from "./candidate.js";
import { candidates } from "./candidates.js";
import { chinook, million } from "./data.js";
import { openPlace, type Place } from "./place.js";
import { type Server, startLoad, startServer } from "./processes.js";
import { profileFlags, topFunctions } from "./profile.js";
import { type Question, questionsFor } from "./questions.js";
import { measure, oneRound, type Settings } from "./rounds.js";
import { figures, tableHead, tableRow } from "./table.js";

interface Options extends Settings {
  readonly database: readonly DatabaseName[];
  readonly candidate: readonly string[];
  readonly question: readonly string[];
  readonly profile: boolean;
  readonly memory: boolean;
}

const questionNames = questionsFor(chinook).map(({ name }) => name);
const list = (flag: string, what: string, names: readonly string[]) =>
  new Option(`--${flag} <names...>`, what).choices(names).default(names, "all");

const program = new Command("npm run bench --")
  .description("Compares sapwood with routes by hand and with the floor, in one run, as ratios.")
  .addOption(list("database", "databases", databaseNames))
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
  .parse();

const options = program.opts<Options>();
async function onDatabase(database: DatabaseName): Promise<void> {
  const size = { chinook, million }[options.size];
  const place = await openPlace(database, size);
  const questions = questionsFor(size).filter(({ name }) => options.question.includes(name));
  const compared = candidates.filter(({ name }) => options.candidate.includes(name));
  console.log(`\n## ${database} ${place.version}, ${size.tracks.toLocaleString("en")} tracks, ${machine()}\n`);
  try {
    if (options.profile) await profiles(place, questions, compared);
    else await together(place, questions, compared);
  } finally {
    await place.close();
  }
}

const machine = (): string => `${cpus()[0]?.model.trim()} × ${cpus().length}, Node ${process.versions.node}`;

async function together(place: Place, questions: readonly Question[], compared: readonly Candidate[]): Promise<void> {
  const servers: Server[] = [];
  try {
    for (const candidate of compared) servers.push(await startServer(candidate, place.database, place.url));
    const named = servers.map(({ candidate: { name, family }, base }) => ({ name, family, base }));
    await requireAgreement(questions, named, place.run);
    await (options.memory ? allocations : ratios)(place, questions, servers);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

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

async function allocations(place: Place, questions: readonly Question[], servers: readonly Server[]): Promise<void> {
  for (const question of questions) {
    console.log(question.name);
    for (const server of servers) {
      const warm = await oneRound(question, server, place, load, options);
      let answered = 0;
      const { bytes, by } = await server.sampled(async () => {
        answered = (await oneRound(question, server, place, load, options, warm)).answered;
      });
      console.log(`  ${server.candidate.name.padEnd(16)} ${kilobytes(bytes / answered)} a request`);
      for (const [where, most] of by.slice(0, 8)) console.log(`      ${kilobytes(most / answered)}  ${where}`);
    }
  }
}

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(2).padStart(8)} KiB`;

/** A process for each, so that a profile is one question's. */
async function profiles(place: Place, questions: readonly Question[], compared: readonly Candidate[]): Promise<void> {
  for (const question of questions) {
    for (const candidate of compared) {
      const directory = join(scratch("profile"), "cpu");
      mkdirSync(directory);
      const server = await startServer(candidate, place.database, place.url, profileFlags(directory));
      const warm = await oneRound(question, server, place, load, options);
      await oneRound(question, server, place, load, options, warm);
      await server.close();
      console.log(`${question.name}, ${candidate.name}\n${topFunctions(directory)}`);
    }
  }
}

const forget = endAllOnExit();
const load = startLoad();
try {
  for (const database of options.database) await onDatabase(database);
} finally {
  load.close();
  await endAll();
  forget();
}
