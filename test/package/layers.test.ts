// A room imports only rooms that stand above it in the table of src/README.md.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "src/README.md"), "utf8");
const rooms = [...page.matchAll(/^\| `([\w/]+)\/` \|/gm)].map(([, room]) => room as string);
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.tsx?$/.test(file),
);

/** The deepest room that holds the file: `operations/read` rather than `operations`. */
function roomOf(file: string): number {
  const within = rooms.filter((room) => file.startsWith(`${room}/`));
  return rooms.indexOf(within.reduce((longest, room) => (room.length > longest.length ? room : longest), ""));
}

/** What the file names in imports and exports, types included, as paths below src. */
function importsOf(file: string): string[] {
  const found: string[] = [];
  const text = readFileSync(join(root, "src", file), "utf8");
  const visit = (node: ts.Node) => {
    const named = specifierOf(node);
    if (named?.startsWith(".")) found.push(normalize(join(dirname(file), named)).replace(/\.js$/, ".ts"));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  const literal =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
  return literal !== undefined && ts.isStringLiteral(literal) ? literal.text : undefined;
}

describe("the rooms of src", () => {
  test("are those of the table, each with files in it", () => {
    const lost = sources.filter((file) => file.includes("/") && roomOf(file) < 0);
    expect(lost).toEqual([]);
    expect(rooms.filter((_, i) => !sources.some((file) => roomOf(file) === i))).toEqual([]);
  });

  test("import no room that stands below them in the table", () => {
    const upward = sources
      .filter((file) => file.includes("/"))
      .flatMap((file) => importsOf(file).map((other) => ({ file, other })))
      .filter(({ file, other }) => roomOf(other) > roomOf(file))
      .map(({ file, other }) => `${file} → ${other}`);
    expect(upward).toEqual([]);
  });

  test("import no adapter below api/", () => {
    const outward = sources
      .filter((file) => !/^(server|cli)\//.test(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((other) => other.startsWith(".."))
          .map((other) => `${file} → ${other}`),
      );
    expect(outward).toEqual([]);
  });
});
