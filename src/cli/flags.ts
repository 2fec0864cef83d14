// Settings → flags of the command line, with their help.
import { type Command, InvalidArgumentError, Option } from "commander";
import { type SettingKind, settingFromText, UnfitSetting } from "./kinds.js";
import { serverSettings } from "./server-settings.js";
import type { CliSetting } from "./setting.js";
import { apiSettings, databaseSettings, flagOf, places, variableOf } from "./settings.js";

/** What the command line says; what it leaves out is not there. */
export interface Flags extends Readonly<Record<string, unknown>> {
  readonly config?: string;
  readonly envFile?: string;
  readonly db?: readonly string[];
}

/** Headings of a command's flags in its help, in their order. */
export const groups = {
  own: "Options:",
  connection: "Connection:",
  server: "Server:",
  api: "API:",
} as const;

/** Adds `<db>` and the flags that say how to read it. */
export function withDatabase(command: Command): Command {
  const { db, config, envFile } = places;
  command
    .optionsGroup(groups.connection)
    .argument(
      "[db]",
      "connection string: sqlite:path.db, postgres://…, mysql://…, mssql://… (env: DATABASE_URL), or a name of --db",
    )
    .option(
      db.flag,
      `a database and its name, which is its path; repeatable (env: ${db.variable})`,
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      config.flag,
      `the config file (default: sapwood.config.js or .json, where there is one) (env: ${config.variable})`,
    )
    .option(envFile.flag, "a file of variables, for those that are not set (default: .env, where there is one)");
  return withFlags(command, databaseSettings, groups.connection).optionsGroup(groups.own);
}

/** Adds the flags of a server. */
export const withServer = (command: Command): Command =>
  withFlags(withFlags(command, serverSettings, groups.server), apiSettings, groups.api);

/** Adds the flags of an API's document. */
export const withDocument = (command: Command): Command => withFlags(command, apiSettings, groups.api);

function withFlags(command: Command, settings: readonly CliSetting[], group: string): Command {
  for (const setting of settings) {
    const { kind, text } = setting;
    const flag = flagOf(setting);
    // No default and no variable of commander's: the config file stands in between.
    const help = `${text} (default: ${setting.default}) (env: ${variableOf(setting)})`;
    if (kind.argument === undefined) command.addOption(new Option(flag, help).helpGroup(group));
    else command.addOption(new Option(`${flag} <${kind.argument}>`, help).argParser(parserOf(kind)).helpGroup(group));
    // Behind the other one, or commander takes it for the default.
    if (kind.argument === undefined || kind.orNone)
      command.addOption(new Option(flag.replace("--", "--no-")).hideHelp());
  }
  return command;
}

const parserOf =
  (kind: SettingKind) =>
  (text: string, before: unknown): unknown => {
    try {
      const value = settingFromText(kind, text);
      return kind.parted === undefined
        ? value
        : [...((before as unknown[] | undefined) ?? []), ...(value as unknown[])];
    } catch (error) {
      throw error instanceof UnfitSetting ? new InvalidArgumentError(error.message) : error;
    }
  };
