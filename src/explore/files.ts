// The files that the page loads, as the build makes them of `browser/`: its program, its style, and the licences of what is in them.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codedFiles } from "../docs/coded.js";

export const exploreFiles = {
  "explore.js": "text/javascript; charset=utf-8",
  "explore.css": "text/css; charset=utf-8",
  "licenses.txt": "text/plain; charset=utf-8",
} as const;

export type ExploreFile = keyof typeof exploreFiles;

const built = fileURLToPath(new URL("./files/", import.meta.url));

/** Run from its source, they are where the build has put them. */
const folder = (): string =>
  existsSync(built) ? built : fileURLToPath(new URL("../../dist/src/explore/files/", import.meta.url));

/** Rejects where the file is not there, as in a bundle that left it out. */
export const exploreFile = codedFiles<ExploreFile>(folder);
