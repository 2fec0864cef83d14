// The environment that settings come from: with an env file's variables beside those that are set, and with secrets out of the
// files that `…_FILE` names. I/O: reads them.
import { existsSync, readFileSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { places } from "./settings.js";

export type Environment = Readonly<Record<string, string | undefined>>;

const ENV_FILE = ".env";

/**
 * The file that was named, else `.env` in the working directory, where there is one. A variable that is set stays as it is. A
 * config file sees them too. Throws an `Error` of one line.
 */
export function loadVariables(named: string | undefined): void {
  if (named === undefined && !existsSync(ENV_FILE)) return;
  const path = named ?? ENV_FILE;
  try {
    loadEnvFile(path);
  } catch (error) {
    throw new Error(`cannot read the env file ${path} (${codeOf(error)}).`);
  }
}

/** Orchestrators mount secrets as files: `DATABASE_URL_FILE` names the one that `DATABASE_URL` is read from. Throws an `Error` of one line. */
export function withSecrets(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) =>
      value !== undefined && namesFile(name, value) ? secretIn(name, value, env) : [name, value],
    ),
  );
}

const FILE = "_FILE";
const OF_DATABASE = places.db.variable.replace("<NAME>", "");

function namesFile(name: string, path: string): boolean {
  if (path === "" || !/^(?:DATABASE_URL|SAPWOOD_\w+)_FILE$/.test(name)) return false;
  // A database may be called so.
  return !name.startsWith(OF_DATABASE) || !/^\w{2,}:/.test(path);
}

function secretIn(name: string, path: string, env: Environment): readonly [string, string] {
  const variable = name.slice(0, -FILE.length);
  if (env[variable]) throw new Error(`${variable} and ${name} are both set. Leave one of them out.`);
  try {
    return [variable, readFileSync(path, "utf8").trimEnd()];
  } catch (error) {
    throw new Error(`${name}: cannot read ${path} (${codeOf(error)}).`);
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? "it is none");
