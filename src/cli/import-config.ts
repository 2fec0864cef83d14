// A config file that is a program → what it exports. node reads TypeScript by itself from 22.18 on; before that, and for enums and
// the like, the package jiti does, where it is installed beside the file.
import { createRequire } from "node:module";
import { basename, extname } from "node:path";
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
    if (isReadAsCommonJs(error, path)) return importAsModule(path);
    if (!unread.includes(String((error as { code?: unknown }).code)) || !/^\.[mc]?ts$/.test(extname(path))) throw error;
    return (await jitiBeside(path).createJiti(path).import(path)).default;
  }
}

/** `import` and `export` in a file that node takes for CommonJS, as the nearest package.json says. */
const isReadAsCommonJs = (error: unknown, path: string): boolean =>
  error instanceof SyntaxError &&
  /outside a module|Unexpected token 'export'/.test(error.message) &&
  /^\.[jt]s$/.test(extname(path));

/** jiti reads it whatever the package says; without it the file's name has to say what it is. */
async function importAsModule(path: string): Promise<unknown> {
  const jiti = foundJiti(path);
  if (jiti !== undefined) return (await jiti.createJiti(path).import(path)).default;
  const [name, end] = [basename(path), extname(path).slice(1)];
  throw new Error(
    `node takes it for CommonJS, as the nearest package.json says, and it has import or export in it. Call it ${name.slice(0, -end.length)}m${end}.`,
  );
}

function foundJiti(path: string): Jiti | undefined {
  try {
    return createRequire(path)("jiti") as Jiti;
  } catch {
    return undefined;
  }
}

function jitiBeside(path: string): Jiti {
  const jiti = foundJiti(path);
  if (jiti !== undefined) return jiti;
  throw new Error(
    `node ${process.versions.node} does not read this TypeScript by itself. Install jiti beside it (npm install --save-dev jiti), take node 22.18 or newer, or write it as sapwood.config.js.`,
  );
}
