// What the document says may be asked of a function's rows: each filter of its columns once, and none that an argument stands before.
import { expect, test } from "vitest";
import { toOpenApi } from "../../src/openapi/document.js";
import { buildRouteTree } from "../../src/routes/build.js";
import type { Schema } from "../../src/schema/schema.js";
import { schemaOf } from "../support/literal-schema.js";

const integer = { kind: "integer", native: "integer" } as const;
const called = (name: string, argument: string) => ({
  ...{ id: `${name}(integer)`, name, schema: null, kind: "function", reads: true },
  arguments: [{ name: argument, mode: "in", type: integer }],
  returns: { type: "rows", table: "letters", many: true },
});
const schema = {
  ...schemaOf({ letters: "id line_1 line_2 line_3" }),
  routines: [called("all_letters", "least"), called("some_letters", "line_2")],
} as unknown as Schema;

interface Asked {
  readonly parameters?: readonly Readonly<Record<string, string>>[];
}

const { paths, components } = toOpenApi(buildRouteTree(schema)) as unknown as {
  readonly paths: Readonly<Record<string, Asked & { readonly get: Asked }>>;
  readonly components: { readonly parameters: Readonly<Record<string, { readonly name: string }>> };
};

const namesAt = (path: string): string[] =>
  [...(paths[path]?.parameters ?? []), ...(paths[path]?.get.parameters ?? [])].map(({ $ref, name = "" }) =>
    $ref === undefined ? name : (components.parameters[String($ref.split("/").at(-1))]?.name ?? $ref),
  );

test("columns that are called alike but for a number have a filter each", () => {
  const names = namesAt("/rpc/all_letters");
  expect(names.filter((name) => name.startsWith("line_"))).toEqual(["line_1", "line_2", "line_3"]);
  expect(names).toContain("least");
});

test("a column that an argument is called as has no filter, and the others keep theirs", () => {
  const names = namesAt("/rpc/some_letters").filter((name) => name.startsWith("line_"));
  // The argument is the only `line_2`.
  expect(names.sort()).toEqual(["line_1", "line_2", "line_3"]);
});
