import { expect, test } from "vitest";
import { toGraph } from "../../src/diagram/graph.js";
import { pictureOfTree } from "../../src/diagram/picture.js";
import { toSvg } from "../../src/diagram/svg.js";
import { buildRouteTree } from "../../src/index.js";
import { schemaOf } from "../support/literal-schema.js";

const draw = (tables: Parameters<typeof schemaOf>[0]) =>
  toSvg(toGraph(pictureOfTree(buildRouteTree(schemaOf(tables))), ({ name }) => `../docs#/${encodeURIComponent(name)}`));

/** What is shown, still escaped; Graphviz writes hyphens and spaces as numbers. */
const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text = ""]) =>
    text.replaceAll("&#45;", "-").replaceAll("&#160;", " ").trim(),
  );

test("a box a table with its routes, a line a relation", async () => {
  const svg = await draw({
    clubs: "id",
    members: "id club_id > clubs",
    friends: { columns: "club_id > clubs member_id > members", key: "club_id member_id" },
  });
  expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
  const shown = texts(svg);
  for (const text of ["clubs", "/clubs/:id", "/clubs/:id/members/:memberId", "/members/:id/club", "1-n", "n-n"])
    expect(shown).toContain(text);
  expect(svg).toContain('xlink:href="../docs#/members"');
});

test("names are text, whatever they hold", async () => {
  const svg = await draw({ "<script>alert(1)</script>": "id", 'a"b&amp;\\N\u0001': "id", "--><b>": "id" });
  expect(texts(svg)).toContain("(&lt;script&gt;alert(1)&lt;/script&gt;)");
  expect(svg).not.toContain("<script");
  expect(svg).not.toContain("<b>");
  // Without `&amp;amp;` the pointer would show `&`, and Graphviz puts the node's name for `\N`.
  expect(svg).toContain("a&quot;b&amp;amp;\\N\u{FFFD}");
});

test("of many tables only the names are shown, and hubs are named in the boxes of those that refer to them", async () => {
  const children = Array.from({ length: 60 }, (_, i) => [
    `child_${i}`,
    i % 2 ? `id user_id > users club_id > child_${i - 1}` : "id user_id > users",
  ]);
  const svg = await draw({ users: "id", ...Object.fromEntries(children) });
  const shown = texts(svg);
  expect(shown).not.toContain("/users");
  expect(shown.filter((text) => text === "users 1-n")).toHaveLength(60);
  expect(svg.match(/class="edge"/g)).toHaveLength(30);
  expect(svg).toContain("/users/:id/child_0/");
});
