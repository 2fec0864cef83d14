// Where a program of the system is.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Hiding a program from PATH is how a machine without it is tried. */
export const onPath = (): readonly string[] => (process.env.PATH ?? "").split(delimiter);

/** Debian's folder for servers is not on everybody's PATH. */
const onPathOrForServers = (): readonly string[] => [...onPath(), "/usr/sbin"];

/** `undefined` where it is not installed. */
export function installed(program: string, folders = onPathOrForServers): string | undefined {
  for (const folder of folders()) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return undefined;
}
