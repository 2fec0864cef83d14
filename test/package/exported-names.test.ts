// No name stands for two things: a reader who meets it, or searches for it, finds one.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../../src", import.meta.url));

const exported = /^export (?:async |abstract )*(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

/** Dialects are one interface that is written several times, and what browsers run is a program of its own. */
const placeOf = (file: string): string | undefined =>
  file.startsWith("explore/browser/")
    ? undefined
    : file.replace(/^dialect\/(?:(?:sqlite|postgres|mysql|mssql)\/.*|standard\.ts)$/, "dialect/*");

test("no name is exported by two files", () => {
  const places = new Map<string, Set<string>>();
  for (const file of readdirSync(src, { recursive: true, encoding: "utf8" })) {
    const place = placeOf(file);
    if (place === undefined || !file.endsWith(".ts")) continue;
    for (const [, name = ""] of readFileSync(join(src, file), "utf8").matchAll(exported))
      places.set(name, (places.get(name) ?? new Set()).add(place));
  }
  expect(places.size).toBeGreaterThan(1000);
  expect([...places].filter(([, files]) => files.size > 1).map(([name, files]) => [name, ...files])).toEqual([]);
});
