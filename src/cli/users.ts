// `sapwood users …`: the accounts of those who sign in by name and password, from the command line. So the first admin comes to be.
import type { Command } from "commander";
import { passwordLength } from "../auth/passwords.js";
import { type User, Users } from "../auth/users.js";
import { signInTables } from "../database/making-own-tables.js";
import { type Flags, withDatabase } from "./flags.js";
import { readPassword } from "./password.js";
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
  readonly claims?: string;
}

const examples = `
Examples:
  sapwood users add sqlite:shop.db ada --role admin       # asks for the password
  sapwood users add sqlite:shop.db bob --role member --claims '{"team":7}' < password.txt
  sapwood users list sqlite:shop.db
  sapwood users password sqlite:shop.db ada               # ends all of ada's tokens
  sapwood users remove sqlite:shop.db bob

The password is read from the terminal, or is the first line of stdin. The first one makes the tables.`;

/** Adds the command `users`, and those below it. */
export function addUsers(program: Command): void {
  const users = program.command("users").description("keep the accounts of those who sign in by name and password");
  const command = (name: string, description: string) =>
    withDatabase(users.command(name).description(description)).addHelpText("after", examples);
  users.addHelpText("after", examples);
  command("add", "make an account")
    .argument("[name]", "the user's name; where one word is given, it is this")
    .requiredOption("--role <role>", "one of the config's roles")
    .option("--claims <json>", "what rules may ask for besides, as a JSON object")
    .action((db, name, flags: AddFlags) => orExit({}, (note) => add([db, name], flags, note)));
  command("list", "print the accounts: id, name, role, and who is disabled").action((db, flags: Flags) =>
    orExit({}, (note) => list(db, flags, note)),
  );
  command("password", "change a user's password, which ends the user's tokens")
    .argument("[name]", "the user's name; where one word is given, it is this")
    .action((db, name, flags: Flags) => orExit({}, (note) => changePassword([db, name], flags, note)));
  command("remove", "remove an account, which ends the user's tokens")
    .argument("[name]", "the user's name; where one word is given, it is this")
    .action((db, name, flags: Flags) => orExit({}, (note) => remove([db, name], flags, note)));
}

const named = (args: Args) => parted(args, "the user's name is missing: sapwood users add sqlite:shop.db ada.");

/** Without users where their tables are not there, unless one is added. */
function withUsers(
  given: Given,
  wanted: Omit<WantedStore, "tables" | "ofAuth">,
  work: (users: Users | undefined, check: (role: string) => void) => Promise<void>,
): Promise<void> {
  return withStore(given, { tables: signInTables, ofAuth: true, ...wanted }, (store, options) => {
    const { minPassword = passwordLength.least } = options.auth?.accounts ?? {};
    return work(store && new Users(store, minPassword), (role) => checkGiven(role, options));
  });
}

function add(args: Args, flags: AddFlags, note: Note): Promise<void> {
  const { db, word: username } = named(args);
  const { role } = flags;
  const claims = claimsFromText(flags.claims);
  return withUsers({ db, flags, note }, { adds: true }, async (users, check) => {
    check(role);
    const { id } = await (users as Users).add({ username, role, claims, password: await readPassword() });
    process.stdout.write(`made user ${id}, ${username}, of the role ${role}\n`);
  });
}

function list(db: string | undefined, flags: Flags, note: Note): Promise<void> {
  return withUsers({ db, flags, note }, { looks: true }, async (users) => {
    const all = users === undefined ? [] : await allPages((limit, offset) => users.list(limit, offset));
    printRows(all.map(({ id, username, role, disabled }) => [id, username, role, ...(disabled ? ["disabled"] : [])]));
  });
}

function changePassword(args: Args, flags: Flags, note: Note): Promise<void> {
  const { db, word: username } = named(args);
  return withUsers({ db, flags, note }, {}, async (users) => {
    const { id } = await found(users, username);
    await users?.change(id, { password: await readPassword() });
    process.stdout.write(`changed the password of ${username}, and ended all tokens of it\n`);
  });
}

function remove(args: Args, flags: Flags, note: Note): Promise<void> {
  const { db, word: username } = named(args);
  return withUsers({ db, flags, note }, {}, async (users) => {
    const { id } = await found(users, username);
    await users?.remove(id);
    process.stdout.write(`removed ${username}\n`);
  });
}

async function found(users: Users | undefined, username: string): Promise<User> {
  const user = await users?.findByName(username);
  if (user === undefined) throw new Error(`there is no user ${username}. sapwood users list says who there is.`);
  return user;
}
