// The files of Swagger UI that a page loads, as its makers publish them. A fixed list.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { codedFiles } from "./coded.js";

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

/** A file of Swagger UI. Rejects where it is not there, as in a bundle that left it out. */
export const swaggerFile = codedFiles<SwaggerFile>(folder);
