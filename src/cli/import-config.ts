// A config file that is a program → what it exports. node reads TypeScript by itself from 22.18 on; before that, and for enums and
// the like, the package jiti does, where it is installed beside the file.
import { createRequire } from "node:module";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";

/** What node says of TypeScript that it does not read: of all, of what is more than types. */
const unread = ["ERR_UNKNOWN_FILE_EXTENSION", "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX"];

interface Jiti {
  createJiti(from: string): { import(path: string): Promise<{ readonly default?: unknown }> };
}

/** Rejects with what the program throws. */
export async function importConfig(path: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    if (!unread.includes(String((error as { code?: unknown }).code)) || !/^\.[mc]?ts$/.test(extname(path))) throw error;
    return (await jitiBeside(path).createJiti(path).import(path)).default;
  }
}

function jitiBeside(path: string): Jiti {
  try {
    return createRequire(path)("jiti") as Jiti;
  } catch {
    throw new Error(
      `node ${process.versions.node} does not read this TypeScript by itself. Install jiti beside it (npm install --save-dev jiti), take node 22.18 or newer, or write it as sapwood.config.js.`,
    );
  }
}
