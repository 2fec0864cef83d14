// The tests that need a process of their own: they change what a process has once (a module, the clock, the console, its variables),
// or they are so many that their process must end with them. All others share the modules that their worker has loaded.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

const changesItsProcess =
  /\bvi\.(mock|spyOn|stubEnv|useFakeTimers)\(|\bprocess\.(env\.\w+ =|on\(|cpuUsage|memoryUsage)/;
const folders = /^test\/(conformance|model|auth\/same|cluster)\//;

/** Paths from the project's top. */
export const apartTests = (): string[] =>
  readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${file}`)
    .filter((file) => folders.test(file) || changesItsProcess.test(readFileSync(join(root, file), "utf8")));
