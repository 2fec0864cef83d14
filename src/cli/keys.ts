// `sapwood keys …`: the API keys of programs, from the command line.
import type { Command } from "commander";
import type { ApiOptions } from "../api/options.js";
import { Keys } from "../auth/key-rows.js";
import { keyTables } from "../database/making-own-tables.js";
import { type Flags, withDatabase } from "./flags.js";
import type { Note } from "./resolve-settings.js";
import { orExit } from "./run-command.js";
import {
  type Args,
  allPages,
  checkGiven,
  claimsFromText,
  type Given,
  parted,
  printRows,
  type WantedStore,
  withStore,
} from "./with-store.js";

interface AddFlags extends Flags {
  readonly role: string;
  readonly name?: string;
  readonly expires?: string;
  readonly claims?: string;
}

const examples = `
Examples:
  sapwood keys add sqlite:shop.db --role member --name "nightly report"
  KEY=$(sapwood keys add sqlite:shop.db --role member --expires 2030-01-31)
  sapwood keys list sqlite:shop.db
  sapwood keys remove sqlite:shop.db 3

A key is printed once, when it is made: the database has its hash. The first one makes the table.`;

/** Adds the command `keys`, and those below it. */
export function addKeys(program: Command): void {
  const keys = program.command("keys").description("keep the API keys that programs sign in with");
  const command = (name: string, description: string) =>
    withDatabase(keys.command(name).description(description)).addHelpText("after", examples);
  keys.addHelpText("after", examples);
  command("add", "make a key, and print it")
    .requiredOption("--role <role>", "one of the config's roles")
    .option("--name <name>", "whose key it is, or what for (default: the role)")
    .option("--expires <time>", "when it ends, such as 2030-01-31T12:00:00Z (default: never)")
    .option("--claims <json>", "what rules may ask for besides, as a JSON object")
    .action((db, flags: AddFlags) => orExit({}, (note) => add(db, flags, note)));
  command("list", "print the keys: id, name, role, and when they end").action((db, flags: Flags) =>
    orExit({}, (note) => list(db, flags, note)),
  );
  command("remove", "end a key")
    .argument("[id]", "the key's id; where one word is given, it is this")
    .action((db, id, flags: Flags) => orExit({}, (note) => remove([db, id], flags, note)));
}

/** Without keys where their table is not there, unless one is added. */
const withKeys = (
  given: Given,
  wanted: Omit<WantedStore, "tables" | "ofAuth">,
  work: (keys: Keys | undefined, options: ApiOptions) => Promise<void>,
): Promise<void> =>
  withStore(given, { tables: keyTables, ofAuth: true, ...wanted }, (store, options) =>
    work(store && new Keys(store), options),
  );

function add(db: string | undefined, flags: AddFlags, note: Note): Promise<void> {
  const { role, name = role, expires } = flags;
  const claims = claimsFromText(flags.claims);
  const end = expires === undefined ? {} : { expiresAt: new Date(expires) };
  return withKeys({ db, flags, note }, { adds: true }, async (keys, options) => {
    checkGiven(role, options);
    const { id, key } = await (keys as Keys).add({ name, role, claims, ...end });
    process.stderr.write(`made key ${id}, ${name}, of the role ${role}. Nothing shows it again:\n`);
    process.stdout.write(`${key}\n`);
  });
}

function list(db: string | undefined, flags: Flags, note: Note): Promise<void> {
  return withKeys({ db, flags, note }, { looks: true }, async (keys) => {
    const all = keys === undefined ? [] : await allPages((limit, offset) => keys.list(limit, offset));
    printRows(all.map(({ id, name, role, expiresAt }) => [id, name, role, ...(expiresAt === null ? [] : [expiresAt])]));
  });
}

function remove(args: Args, flags: Flags, note: Note): Promise<void> {
  const { db, word: id } = parted(args, "the key's id is missing: sapwood keys remove sqlite:shop.db 3.");
  return withKeys({ db, flags, note }, {}, async (keys) => {
    const known = /^[1-9]\d{0,8}$/.test(id) && (await keys?.remove(Number(id)));
    if (!known) throw new Error(`there is no key ${id}. sapwood keys list says which there are.`);
    process.stdout.write(`ended key ${id}\n`);
  });
}
