// The files of Swagger UI that a page loads, as its makers publish them. A fixed list.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Coded, codedFile } from "./coded.js";

/** The build copies them here; run from its source, they are in the package `swagger-ui-dist`. */
export const swaggerFiles = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "swagger-ui-bundle.js.LICENSE.txt": "text/plain; charset=utf-8",
} as const;

export type SwaggerFile = keyof typeof swaggerFiles;

const copied = fileURLToPath(new URL("./swagger-ui/", import.meta.url));

const folder = (): string =>
  existsSync(copied) ? copied : dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

/** Kept once they are read: they are the same for every API of the process. */
const read = new Map<string, Promise<Coded>>();

/** A file of Swagger UI. Rejects where it is not there, as in a bundle that left it out. */
export function swaggerFile(name: SwaggerFile): Promise<Coded> {
  const known = read.get(name);
  if (known !== undefined) return known;
  const reading = codedFile(join(folder(), name));
  read.set(name, reading);
  reading.catch(() => read.delete(name));
  return reading;
}
