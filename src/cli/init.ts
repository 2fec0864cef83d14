// `sapwood init`: a config file to begin with. It asks nothing, and overwrites nothing.
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { createApi, createLookingApi } from "../api/create.js";
import { within } from "../base/timeout.js";
import { routesOf } from "../routes/tree.js";
import { redact } from "../server/redact.js";
import { serverDefaults } from "../server/serve.js";
import { configFiles } from "./config-file.js";
import { orExit } from "./run-command.js";
import { suggestedEntries, suggestedText, type Weighed, weighedSuggestions } from "./suggest.js";

const examples = `
Examples:
  sapwood init                        # sapwood.config.js, for the database that DATABASE_URL names
  sapwood init sqlite:shop.db         # tries the database first, and says how many tables it has
  sapwood init --json                 # sapwood.config.json
  sapwood init sqlite:shop.db --suggest --look   # with relations that nobody declared, as far as values bear them out

A file that is there already stays as it is, but with --force. A password is not written: the file refers to DATABASE_URL instead.`;

/** Adds the command `init`. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("write a config file to begin with")
    .argument("[db]", "connection string; it is tried, and written unless it holds a password")
    .option("--json", "sapwood.config.json instead of sapwood.config.js")
    .option("--suggest", "write the relations that names suggest, each with its reason, to be kept or struck")
    .option("--look", "with --suggest: look at values, and believe a relation only where they are there")
    .option("--force", "write over a file of that name")
    .addHelpText("after", examples)
    .action((db: string | undefined, flags: InitFlags) => orExit({ db }, () => init(db, flags)));
}

interface InitFlags {
  readonly json?: boolean;
  readonly suggest?: boolean;
  readonly look?: boolean;
  readonly force?: boolean;
}

async function init(db: string | undefined, flags: InitFlags): Promise<void> {
  const { json = false, suggest = false, look: looks = false, force = false } = flags;
  const name = json ? "sapwood.config.json" : "sapwood.config.js";
  const standing = configFiles.find((file) => existsSync(file));
  if (standing !== undefined && !(force && standing === name))
    throw new Error(`${standing} is there already. Change it, or remove it first.`);
  if (looks && !suggest) throw new Error("--look is about what --suggest finds: say both.");
  if (suggest && db === undefined) throw new Error("--suggest needs the database: sapwood init <db> --suggest.");
  const found = db === undefined ? undefined : await look(db);
  const suggested = db !== undefined && suggest ? await suggestionsFor(db, looks) : [];
  const shownDb = db !== undefined && redact(db) === db ? db : undefined;
  // Not over one that came meanwhile.
  const flag = force ? "w" : "wx";
  await writeFile(name, json ? asJson(shownDb, suggested) : asModule(shownDb, suggested), { flag });
  process.stdout.write(
    [
      ...(found === undefined ? [] : [found]),
      ...(suggest ? [toldOf(suggested, json)] : []),
      `wrote ${name}`,
      "",
      ...next(db, shownDb),
      "",
    ].join("\n"),
  );
}

/** Nothing is written to the database, and no statement takes long. */
async function suggestionsFor(db: string, looks: boolean): Promise<readonly Weighed[]> {
  const options = { listenForChanges: false, readOnly: true, statementTimeout: 10 };
  const api = await within(serverDefaults.connectTimeout * 1000, createLookingApi(db, options));
  try {
    return await weighedSuggestions(api, looks);
  } finally {
    await api.close();
  }
}

function toldOf(suggested: readonly Weighed[], json: boolean): string {
  const believed = suggested.filter((one) => one.believed).length;
  const others = suggested.length - believed;
  const rest = others === 0 ? "" : `, and ${others} more ${json ? "left out" : "as comments"}`;
  return `${counted(believed, "relation")} suggested${rest}`;
}

/** The database as it answers. */
async function look(db: string): Promise<string> {
  const api = await within(serverDefaults.connectTimeout * 1000, createApi(db, { listenForChanges: false }));
  try {
    const { tables } = api.schema;
    const routes = routesOf(api.tree.root).length;
    return `the database answers: ${counted(tables.length, "table")}, ${counted(routes, "route")}`;
  } finally {
    await api.close();
  }
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function next(db: string | undefined, written: string | undefined): readonly string[] {
  const serve = "  sapwood serve";
  if (written !== undefined) return ["Next:", serve, "  sapwood routes --why"];
  const example = db === undefined ? "postgres://user:password@host/name" : redact(db);
  return [
    "Next, with the whole connection string (a password stays out of the file):",
    `  export DATABASE_URL='${example}'`,
    serve,
    "  sapwood routes --why",
  ];
}

/** Where editors find what may stand in it. */
const CONFIG_SCHEMA = "./node_modules/sapwood/dist/src/config.schema.json";

/** Without a database in it, DATABASE_URL names one. */
function asJson(db: string | undefined, suggested: readonly Weighed[]): string {
  const { host, port, prefix } = serverDefaults;
  const overrides = suggestedEntries(suggested);
  const file = {
    $schema: CONFIG_SCHEMA,
    ...(db === undefined ? {} : { db }),
    host,
    port,
    prefix,
    ...(overrides.length > 0 && { overrides }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const asModule = (
  db: string | undefined,
  suggested: readonly Weighed[],
): string => `// Settings of sapwood. Flags and SAPWOOD_* variables win over them; each is explained by: sapwood serve --help
${isModule(process.cwd()) ? "export default" : "module.exports ="} {
  db: ${db === undefined ? "process.env.DATABASE_URL" : JSON.stringify(db)},
  // Several databases instead, each below the prefix by its name: /api/main, /api/legacy.
  // databases: { main: process.env.DATABASE_URL, legacy: { db: "sqlite:legacy.db", exclude: ["audit"] } },

  host: ${JSON.stringify(serverDefaults.host)}, // 0.0.0.0 is every address, and needs auth or --open
  port: ${serverDefaults.port},
  prefix: ${JSON.stringify(serverDefaults.prefix)},
  // maxLimit: 1000,
  // rateLimit: 600, // requests a minute of each client
  // corsOrigin: ["https://app.example"], // pages of other sites that may use it

  // Who asks, and what each role may do: here names and passwords that sapwood keeps, the first made by \`sapwood users add\`.
  // auth: { accounts: { create: true } },
  // roles: { anonymous: {}, member: { "*": "read" }, admin: "*" },

  // What the API shows.
  // include: ["users", "orders"],
  // exclude: ["users.password_hash"],
${suggested.length > 0 ? suggestedText(suggested) : '  // overrides: [{ name: "TBL_KUNDE", resource: "customers", columns: [{ name: "KD_NR", as: "id" }] }],\n'}
  // Code around reads and writes, in their transaction.
  // hooks: { preSave: ({ table, body }) => {} },
};
`;

/** What node takes a `.js` in this folder for, by the nearest package.json. */
function isModule(folder: string): boolean {
  const path = join(folder, "package.json");
  if (existsSync(path)) return (JSON.parse(readFileSync(path, "utf8")) as { type?: string }).type === "module";
  const up = resolve(dirname(folder));
  return up !== folder && isModule(up);
}
