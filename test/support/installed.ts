// Where a program of the system is.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** `undefined` where it is not installed. Debian's folder for servers is not on everybody's PATH. */
export function installed(program: string): string | undefined {
  for (const folder of [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"]) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return undefined;
}
