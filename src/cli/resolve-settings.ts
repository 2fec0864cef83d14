// Flags, environment and config file → the databases and settings that hold. A flag wins over a variable, and that over the file.
import { type ApiOptions, optionNames } from "../api/options.js";
import { excerpt } from "../base/suggest.js";
import { within } from "../base/timeout.js";
import { whenThere } from "../database/awaiting.js";
import { watchNames } from "../observe/watch.js";
import type { DatabaseEntry, Db, NamedDatabases } from "../server/mount.js";
import { redact } from "../server/redact.js";
import { type ServeSettings, serverDefaults } from "../server/serve.js";
import { type ConfigFile, readConfigFile } from "./config-file.js";
import { chooseDatabases } from "./databases.js";
import { type Environment, loadVariables, withSecrets } from "./environment.js";
import { oneLine } from "./failure.js";
import type { Flags } from "./flags.js";
import { settingFromText, UnfitSetting } from "./kinds.js";
import { settings, variableOf } from "./settings.js";
import type { SubjectPlace } from "./subject.js";

export interface Settled {
  readonly db: Db | NamedDatabases;
  readonly settings: ServeSettings;
}

export interface SettledOne {
  readonly db: Db;
  readonly options: ApiOptions;
  /** All of them. */
  readonly settings: ServeSettings;
  /**
   * What `open` answers, or `TimedOut` after `connectTimeout`. Where that was said, a database that is not there yet is waited for:
   * otherwise somebody sits before the screen.
   */
  readonly reach: <T>(open: () => Promise<T>) => Promise<T>;
}

/** Notes the place that messages speak of. */
export type Note = (place: SubjectPlace) => void;

type Values = Readonly<Record<string, unknown>>;

/** Reads the env file and the config file, if there are such. Throws an `Error` of one line for the first mistake. */
export async function settleSettings(
  argument: string | undefined,
  flags: Flags,
  note: Note,
  given: Environment = process.env,
): Promise<Settled> {
  loadVariables(flags.envFile);
  const env = withSecrets(given);
  const file = await readConfigFile(flags.config ?? (env.SAPWOOD_CONFIG || undefined));
  const said = { ...fromEnvironment(env), ...only(flags, names) };
  const { values = {}, databases = {}, name } = file ?? ({} as Partial<ConfigFile>);
  const chosen = chooseDatabases(argument, flags.db ?? [], env, databases);
  const { db, ...own } = "databases" in chosen ? { db: withOver(chosen, only(said, perDatabase)) } : chosen;
  const settled: ServeSettings = { ...values, ...own, ...said };
  const { host, port } = { ...serverDefaults, ...settled };
  note({ db: typeof db === "string" ? db : undefined, host, port, config: name });
  return { db, settings: settled };
}

/** The same for a command that is about one database: the only one, or that of `chosen`. */
export async function settleOne(
  argument: string | undefined,
  flags: Flags,
  note: Note,
  chosen?: string,
): Promise<SettledOne> {
  const { db, settings } = await settleSettings(argument, flags, note);
  const reach = reachingOf(settings);
  const options = unwatchedOf(settings);
  if (typeof db !== "object" || !("databases" in db))
    return { db, options, settings, reach: (open) => reach(db, open) };
  const names = Object.keys(db.databases);
  const [name = "", ...others] = names.filter((name) => chosen === undefined || name === chosen);
  if (others.length > 0) throw new Error(`there are several databases. Name one of them: ${names.join(", ")}.`);
  const entry = db.databases[name];
  if (entry === undefined)
    throw new Error(`there is no database of the name ${chosen}. There are ${names.join(", ")}.`);
  const { db: connection, ...said } = entry as DatabaseEntry;
  note({ db: typeof connection === "string" ? connection : undefined, what: `database ${name}` });
  const own = { ...options, ...unwatchedOf(said) };
  return { db: connection, options: own, settings, reach: (open) => reach(connection, open) };
}

/** How a command waits for a database, as `SettledOne` has it. */
export function reachingOf({ connectTimeout }: ServeSettings) {
  const patience = (connectTimeout ?? serverDefaults.connectTimeout) * 1000;
  const tell = (why: string) => void process.stderr.write(`sapwood: ${oneLine(redact(why))}\n`);
  return <T>(db: Db, open: () => Promise<T>): Promise<T> =>
    connectTimeout === undefined ? within(patience, open()) : whenThere(db, open, { patience, tell });
}

/** All databases of a server have its metrics, and none has the replicas of another. */
const perDatabase = optionNames.filter((name) => name !== "metrics" && name !== "replicas");

/** What a server tells of its requests is nothing to other commands. */
const unwatched = optionNames.filter((name) => !watchNames.includes(name));

export const unwatchedOf = (settings: object): ApiOptions => only(settings, unwatched);

const names = settings.map(({ name }) => name as string);

const only = (values: object, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));

/** What flags and variables say wins over what the file says of one database. */
const withOver = ({ databases }: NamedDatabases, said: Values): NamedDatabases => ({
  databases: Object.fromEntries(
    Object.entries(databases).map(([name, entry]) => [name, { ...(entry as DatabaseEntry), ...said }]),
  ),
});

function fromEnvironment(env: Environment): Values {
  const values = settings.flatMap((setting) => {
    const text = env[variableOf(setting)];
    // One that is empty is one that is not set.
    if (!text) return [];
    try {
      return [[setting.name, settingFromText(setting.kind, text)] as const];
    } catch (error) {
      if (!(error instanceof UnfitSetting)) throw error;
      throw new Error(`${variableOf(setting)}: '${excerpt(text)}' is invalid. ${error.message}`);
    }
  });
  return Object.fromEntries(values);
}
