// What stands in the files of this repository: nothing of the machine that they were written on, and text alone.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const folders = ["src", "adapters", "examples", "test", ".ci", ".build"];

/** The top folders of Linux (FHS 3.0) and macOS, and a drive of Windows, each with something below it or as a whole text. */
const TOP = "bin|boot|dev|etc|home|lib|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|Users|Volumes|private";
const ABSOLUTE = new RegExp(
  `(?<![\\w.$}/~*-])(?<!\\w["'])(?:/(?:${TOP})(?:/[\\w.@*-]+)+|/tmp\\b|[A-Z]:\\\\\\\\?\\w+)`,
  "g",
);

/** What is the same on every machine that runs the tests, with the reason. */
const everywhere: readonly (readonly [RegExp, string])[] = [
  [/^\/(usr\/bin\/env|bin\/sh)$/, "the first line of a program (POSIX systems)"],
  [/^\/usr\/bin\/chromium$/, "where Debian's package has it; SAPWOOD_TEST_CHROMIUM names another one"],
  [/^\/usr\/sbin(\/|$)/, "where Debian's packages have servers, and the policy that keeps these from starting"],
  [/^\/(usr\/lib\/ldap|etc\/ldap\/schema\/\w+\.schema)$/, "what Debian's slapd brings, in slapd's own settings"],
  [/^\/usr\/lib\/galera\/libgalera_smm\.so$/, "what comes with Debian's MariaDB"],
  [/^\/etc\/os-release$|^\/usr\/share\/keyrings\/debian-/, "what every Debian has"],
  [/^\/proc\//, "what Linux tells of a process"],
  [/^\/dev\/null$/, "a device"],
  [
    /^\/(opt|etc|var\/lib)\/sapwood(\/|$)|^\/etc\/systemd\/system$/,
    "where the unit of examples/deploy is told to find its files",
  ],
  [/^\/run\/secrets\//, "where Docker mounts secrets"],
  [/^\/run\/(postgresql|mysqld)/, "where servers have their sockets"],
  [/^\/srv\/(node_modules|x\.js)/, "made up: traces of an error, as a text"],
];

const isEverywhere = (path: string): boolean => everywhere.some(([pattern]) => pattern.test(path));

/** This clone, the folder around it, and the home of who runs this (the tests have another one). A short one could be a route. */
const mine = [root, dirname(root), dirname(process.env.npm_config_userconfig ?? "")].filter(
  (path) => path.split("/").length > 2,
);

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(png|db)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

function pathsIn(text: string): string[] {
  const named = [...text.matchAll(ABSOLUTE)].map(([path]) => path).filter((path) => !isEverywhere(path));
  return [...named, ...mine.filter((path) => text.includes(path))];
}

/** By code: tab, line feed and everything from the space on are text; DEL is not. */
const isControl = (byte: number): boolean => (byte < 32 && byte !== 9 && byte !== 10) || byte === 127;

describe("the files of src, adapters, examples, test and .ci", () => {
  test("are there", () => expect(files.length).toBeGreaterThan(500));

  test("name no absolute path of one machine", () => {
    const own = fileURLToPath(import.meta.url);
    const found = files
      .filter((file) => file !== own)
      .map((file) => [relative(root, file), pathsIn(readFileSync(file, "utf8"))] as const)
      .filter(([, paths]) => paths.length > 0);
    expect(found, "take os.tmpdir(), `files` of the tests' setup, or import.meta.url instead").toEqual([]);
  });

  test("hold no control characters: `\\0` is written with two", () => {
    const found = files.filter((file) => readFileSync(file).some(isControl)).map((file) => relative(root, file));
    expect(found).toEqual([]);
  });
});

describe("what is taken for a path of one machine", () => {
  test.each([
    ['appendFileSync("/tmp/h/matrix-hist")', ["/tmp/h/matrix-hist"]],
    ['"/tmp"', ["/tmp"]],
    ["cd /home/ada/sapwood && npm test", ["/home/ada/sapwood"]],
    ["file:///var/lib/x.db", []],
    ["`sqlite:/var/lib/x.db`", ["/var/lib/x.db"]],
    ["/Users/ada/x", ["/Users/ada/x"]],
    ['"C:\\\\Users"', ["C:\\\\Users"]],
  ])("%s", (text, paths) => expect(pathsIn(text)).toEqual(paths));

  test("this clone", () => expect(pathsIn(`open("${root}/x")`)).toEqual(expect.arrayContaining([mine[0]])));

  test.each([
    ['"/Users"'],
    ['get("/media_types/1/tracks")'],
    ["`$" + "{folder}/tmp/x`"],
    ["https://example.org/usr/share"],
    ["a/b/home/c"],
    ["#!/usr/bin/env node"],
    ["./tmp/x"],
  ])("%s is none", (text) => expect(pathsIn(text)).toEqual([]));
});
