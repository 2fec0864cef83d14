// Operators that are nearly right, and the words of other tools: a 400 with the spelling here, and texts that only look alike.
import { describe, expect, test } from "vitest";
import { parseFilter } from "../../src/request/filter.js";
import { operators, spellings } from "../../src/request/operators.js";
import { parameterHint } from "../../src/request/other-tools.js";

const refusal = (text: string): string => {
  try {
    parseFilter("name", text, 9);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("a slip of the hand", () => {
  test.each([
    ["contians:A", "name=contains:A"],
    ["Contains:A", "name=contains:A"],
    ["starts_with:A", "name=startswith:A"],
    ["not.contians:A", "name=not.contains:A"],
    ["gtt:5", "name=gt:5"],
    ["neq:5", "name=ne:5"],
    ["EQ:5", "name=eq:5"],
    ["not_in:1,2", "name=nin:1,2"],
    ["eq.active", "name=eq:active"],
    ["not.eq.active", "name=not.eq:active"],
    ["in.(1,2)", "name=in:1,2"],
    ["is.null", "name=is:null"],
    ["not.is.null", "name=not.is:null"],
    ["gte.5", "name=gte:5"],
    ["cs.{a,b}", "name=contains:{a,b}"],
    ["ov.(1,2)", "name=overlaps:1,2"],
    ["fts.cat", "name=fts:cat"],
    ["isdistinct.5", "name=isdistinct:5"],
    ["$gt:5", "name=gt:5"],
    ["_gte:5", "name=gte:5"],
    ["__ne:5", "name=ne:5"],
    ["in.any:a,b", "name=in:a,b"],
    ["not.in.any:a", "name=not.in:a"],
    ["is.any:null", "name=is:null"],
    ["between.all:1,9", "name=between:1,9"],
    ["like.al:a%", "name=like.all:a%"],
    ["gt.some:1,2", "name=gt.any:1,2"],
    ["not.contains.ayn:a", "name=not.contains.any:a"],
    ["contians.any:a", "name=contains.any:a"],
    ["nto.in:a", "name=not.in:a"],
    ["nto.like.any:a", "name=not.like.any:a"],
    ["not.not.in:a", "name=not.in:a"],
  ])("%s → %s", (text, here) => {
    expect(refusal(text)).toContain(`, as in ${here}.`);
    expect(refusal(text)).toContain(`The text itself is written name=eq:${text}.`);
    expect(parseFilter("name", `eq:${text}`, 9)).toMatchObject({ operator: "eq", values: [text] });
  });

  test("of each operator of four letters and more, wherever two letters change places", () => {
    for (const operator of operators.filter(({ length }) => length >= 4)) {
      for (let at = 0; at + 1 < operator.length; at++) {
        const [a = "", b = ""] = operator.slice(at);
        const slip = `${operator.slice(0, at)}${b}${a}${operator.slice(at + 2)}`;
        if (!spellings.has(slip))
          expect([slip, refusal(`${slip}:A`)]).toEqual([slip, expect.stringContaining("Perhaps")]);
      }
    }
  });
});

const letters = "abcdefghijklmnopqrstuvwxyz";

/** Every text that one letter more, less, another or in another place makes of a word. */
function* slips(word: string): Generator<string> {
  for (let at = 0; at <= word.length; at++) {
    const [head, tail] = [word.slice(0, at), word.slice(at)];
    for (const letter of letters) {
      yield head + letter + tail;
      if (tail !== "") yield head + letter + tail.slice(1);
    }
    if (tail !== "") yield head + tail.slice(1);
    if (tail.length > 1) yield head + tail[1] + tail[0] + tail.slice(2);
  }
}

/** They begin texts of their own. */
const ordinary = new Set(
  "bin din fin gin kin min pin sin tin win inn nil nan non nine late gate date rate ate lie its fits fats bike hike lake life lime line link live mike pike alike liked likes march batch catch hatch latch patch watch matches".split(
    " ",
  ),
);

describe("every slip of one letter is a 400 with the nearest", () => {
  test.each(operators.filter(({ length }) => length > 2))("%s", (operator) => {
    const unseen = [...new Set(slips(operator))].filter(
      (slip) =>
        slip.length > 2 &&
        !spellings.has(slip) &&
        !ordinary.has(slip) &&
        [`${slip}:A`, `not.${slip}:5`].some((text) => !/Perhaps you meant '[a-z]+', as in/.test(refusal(text))),
    );
    expect(unseen).toEqual([]);
  });

  test.each([...spellings.keys()])("%s as other tools write it", (word) => {
    for (const text of [`$${word}:5`, `_${word}:5`, `__${word}:5`, `${word.toUpperCase()}:5`, `not.$${word}:5`])
      expect(refusal(text), text).toContain(`'${word}', as in`);
    const isColumn = (name: string) => name === "age";
    for (const name of [`age[${word}]`, `age[$${word}]`, `age__${word}`, `age_${word}`])
      expect(parameterHint(name, isColumn), name).toContain("Such a filter is age=");
  });
});

test.each([
  "foo:bar",
  "re: your letter",
  "http://example.com/",
  "12:30",
  "Lt. Uhura",
  "in.the.dark",
  "is.it",
  "urn:isbn:1",
  ":contians",
  "a contians:b",
  "published:2024",
  "note:",
  "note:buy milk",
  "Contains: milk and nuts",
  "not: this one",
  "Mike: hello",
  "catch:22",
  "march:2024",
  "life:a story",
  "min:5",
  "https://example.com:8080/?q=like:A",
  "mailto:a@example.com",
  "2024-02-29T12:30:00",
  "match.com",
  "cs.example",
  "key:value",
  "size:large",
  "type:book",
  "name:Ada",
  "to:all",
  "shop.any:a",
  "note.txt:a",
])("%s stays a text", (text) => {
  expect(parseFilter("name", text, 9)).toMatchObject({ operator: "eq", values: [text], negated: false });
});

describe("other tools' parameters", () => {
  const isColumn = (name: string) => name === "age";
  test.each([
    ["sort", "order-by=name:asc"],
    ["_sort", "order-by=name:asc"],
    ["$orderby", "order-by=name:asc"],
    ["page", "limit=20"],
    ["_page", "limit=20"],
    ["page[size]", "limit=20"],
    ["per_page", "limit=20"],
    ["fields", "select=id,name"],
    ["include", "select=*,relation(*)"],
    ["q", "contains:"],
    ["filter[name]", "name=operator:value"],
    ["age[gt]", "age=gt:…"],
    ["age[_neq]", "age=ne:…"],
    ["age__gte", "age=gte:…"],
    ["age_like", "age=like:…"],
    ["age[$null]", "age=is:null"],
  ])("%s is told of %s", (name, here) => expect(parameterHint(name, isColumn)).toContain(here));

  test.each(["colour", "age_group", "height[gt", "__gt"])("%s means nothing elsewhere", (name) => {
    expect(parameterHint(name, isColumn)).toBe("");
  });
});
