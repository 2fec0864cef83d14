// The texts here were parsed and drawn once by Mermaid 11 itself, which needs a browser and is no dependency of this package.
import { describe, expect, test } from "vitest";
import { toMermaid } from "../../src/diagram/mermaid.js";
import { type Picture, pictureOfTree } from "../../src/diagram/picture.js";
import { buildRouteTree } from "../../src/index.js";
import { schemaOf } from "../support/literal-schema.js";

const clubs = pictureOfTree(
  buildRouteTree(
    schemaOf({
      clubs: "id",
      members: { columns: "id club_id > clubs", resource: "people" },
      clubs_members: { columns: "club_id > clubs member_id > members", key: "club_id member_id" },
    }),
  ),
);

test("a box a table, a line a relation with what it brings", () => {
  expect(toMermaid(clubs)).toBe(
    `flowchart LR
  t0["<b>clubs</b><br/>/clubs<br/>/clubs/:id"]
  t1["<b>people</b> (members)<br/>/people<br/>/people/:id"]
  t2{{"<b>clubs_members</b> · n-n<br/>/clubs/:id/clubs_members_people/:clubsMembersPersonId add, delete<br/>/people/:id/clubs/:clubId add, delete"}}
  t0 -->|"1-n<br/>/clubs/:id/people/:personId<br/>/people/:id/club"| t1
  t0 -.-|"n-n"| t2
  t1 -.-|"n-n"| t2
  classDef link fill:#fde9c8,stroke:#b45309,color:#0f172a
  class t2 link`,
  );
});

test("tables lead to their addresses", () => {
  const text = toMermaid(clubs, ({ name }) => (name === "people" ? '/docs#/a"b%20c' : undefined));
  expect(text.match(/^ {2}click.*$/gm)).toEqual(['  click t1 href "/docs#/a%22b%20c"']);
});

describe("names that mean something to Mermaid or to HTML stand as numbers", () => {
  test.each([
    ["<script>alert(1)</script>", "#60;script#62;alert#40;1#41;#60;/script#62;"],
    ['a"] click', "a#34;#93; click"],
    ["%%{init}%%", "#37;#37;#123;init#125;#37;#37;"],
    ["`x`", "#96;x#96;"],
    ["- one", "#45; one"],
    ["fa:fa-car", "fa#58;fa-car"],
    ["a\nb", "a#10;b"],
    ["#35;", "#35;35#59;"],
    ["日本 é", "日本 é"],
    ["a\ud800", "a#65533;"],
  ])("%j", (name, shown) => {
    const table = { table: name, name, root: true, link: false, view: false, routes: [] };
    expect(toMermaid({ tables: [table], lines: [], functions: [] })).toBe(`flowchart LR\n  t0["<b>${shown}</b>"]`);
  });
});

test("120 tables stay within Mermaid's limits: 50,000 characters, 500 lines", () => {
  const text = toMermaid(many(120));
  expect(text.length).toBeLessThan(50_000);
  expect(text.match(/-->/g)).toHaveLength(237);
  expect(text).toContain('t0 -->|"1-n"| t1');
});

/** Each but the first two refers to the two before it. */
function many(count: number): Picture {
  const names = Array.from({ length: count }, (_, i) => `warehouse_movements_${i}`);
  return pictureOfTree(
    buildRouteTree(
      schemaOf(
        Object.fromEntries(
          names.map((name, i) => [
            name,
            i < 2 ? (i === 0 ? "id" : `id a_id > ${names[0]}`) : `id a_id > ${names[i - 1]} b_id > ${names[i - 2]}`,
          ]),
        ),
      ),
    ),
  );
}
