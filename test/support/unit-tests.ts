// The tests that are done in seconds: those whose imports lead to nothing that starts a server, a program or a browser.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What starts servers and programs, what stands on it, and what reads the built package. */
const starts = /\binject\(|\bspawn\(|\bstartProgram\b|\bexecFile|\bdist\//;
/** Whole grammars and compilers are loaded in seconds, and scrypt is slow by intent. */
const slow =
  /\$scrypt\$|from "(antlr4ts-sql|typescript|@redocly\/.*|openapi-typescript)"|import\("openapi-typescript"\)/;

/** Paths from the project's top. */
export const unitTests = (): string[] =>
  readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(root, "test", file))
    .filter((file) => ![...reached(file)].some((other) => isOfTests(other) && leavesOut(readFileSync(other, "utf8"))))
    .map((file) => relative(root, file));

const leavesOut = (text: string): boolean => starts.test(text) || slow.test(text);

const isOfTests = (file: string): boolean => file.startsWith(join(root, "test"));

/** A file, and all that it imports. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !existsSync(file)) return seen;
  seen.add(file);
  for (const [, named = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import) "(\.[^"]+)"/g))
    reached(join(dirname(file), named).replace(/\.js$/, ".ts"), seen);
  return seen;
}
