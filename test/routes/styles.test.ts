// Schemas of many styles of naming, their declared foreign keys taken away → how many of them names alone find, and how many others.
import { afterAll, describe, expect, test } from "vitest";
import { relate } from "../../src/routes/relations.js";
import type { Schema } from "../../src/schema/schema.js";
import * as found from "../fixtures/styles/found.js";
import * as further from "../fixtures/styles/further.js";
import * as latest from "../fixtures/styles/latest.js";
import * as office from "../fixtures/styles/office.js";
import { styled } from "../fixtures/styles/style.js";
import * as web from "../fixtures/styles/web.js";

interface Score {
  readonly style: string;
  readonly declared: number;
  readonly found: number;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
}

const bare = ({ tables }: Schema): Schema => ({ tables: tables.map((table) => ({ ...table, foreignKeys: [] })) });

/** `posts.author_id → users`: of links too, which are two foreign keys each. */
function keysOf(schema: Schema): string[] {
  return relate(schema).flatMap((relation) => {
    if (relation.type === "root") return [];
    const ends = relation.type === "one-n" ? [relation.parent] : relation.sides;
    return ends.map(({ columns, table }) => `${relation.table}.${columns.join(",")} → ${table}`);
  });
}

function scoreOf(style: string, text: string): Score {
  const schema = styled(text);
  const declared = new Set(keysOf(schema).filter((key) => isDeclared(key, schema)));
  const found = new Set(keysOf(bare(schema)));
  return {
    style,
    declared: declared.size,
    found: found.size,
    wrong: [...found].filter((key) => !declared.has(key)),
    missed: [...declared].filter((key) => !found.has(key)),
  };
}

const isDeclared = (key: string, { tables }: Schema): boolean =>
  tables.some(({ id, foreignKeys }) =>
    foreignKeys.some(({ columns, table }) => key === `${id}.${columns.join(",")} → ${table}`),
  );

const scoresOf = (styles: Readonly<Record<string, string>>) =>
  Object.entries(styles).map(([style, text]) => scoreOf(style, text));

const made = scoresOf({ ...web, ...office });
const others = scoresOf(further);
const { cryptic, ...readable } = latest;
const last = scoresOf(readable);
const learned = scoresOf(found);
const precision = (found: number, wrong: number) => (found - wrong) / found;
const recall = (declared: number, missed: number) => (declared - missed) / declared;
const shown = (ratio: number) => ratio.toFixed(3);

interface Sums {
  readonly precision: number;
  readonly recall: number;
  readonly declared: number;
}

function sumsOf(scores: readonly Score[]): Sums {
  const sum = (of: (score: Score) => number): number => scores.reduce((total, score) => total + of(score), 0);
  const [found, declared] = [sum((score) => score.found), sum((score) => score.declared)];
  return {
    precision: precision(
      found,
      sum(({ wrong }) => wrong.length),
    ),
    recall: recall(
      declared,
      sum(({ missed }) => missed.length),
    ),
    declared,
  };
}

describe("names alone find the declared foreign keys", () => {
  test.each(made)("$style", ({ found, wrong, declared, missed }) => {
    expect(precision(found, wrong.length), wrong.join("; ")).toBeGreaterThanOrEqual(0.9);
    expect(recall(declared, missed.length), missed.join("; ")).toBeGreaterThanOrEqual(0.7);
  });

  // Each has one habit that no rule knows: what counts is that none is full of wrong ones.
  test.each(others)("$style, which the rules were not made with", ({ found, wrong, declared, missed }) => {
    expect(precision(found, wrong.length), wrong.join("; ")).toBeGreaterThanOrEqual(0.85);
    expect(recall(declared, missed.length), missed.join("; ")).toBeGreaterThanOrEqual(0.7);
  });

  // Drupal says `entity_id` for each thing that there is, and Prisma calls the ends of a link A and B.
  test.each(last)("$style, which came last", ({ found, wrong, declared, missed }) => {
    expect(precision(found, wrong.length), wrong.join("; ")).toBeGreaterThanOrEqual(0.97);
    expect(recall(declared, missed.length), missed.join("; ")).toBeGreaterThanOrEqual(0.45);
  });

  test.each(learned)("$style, which published schemas taught", ({ found, wrong, declared, missed }) => {
    expect(precision(found, wrong.length), wrong.join("; ")).toBeGreaterThanOrEqual(0.97);
    expect(recall(declared, missed.length), missed.join("; ")).toBeGreaterThanOrEqual(0.9);
  });

  test("names that say nothing lead nowhere", () => expect(scoreOf("cryptic", cryptic)).toMatchObject({ found: 0 }));

  test.each([
    ["those that the rules were made with", made],
    ["the others", others],
    ["the last", last],
    ["those that published schemas taught", learned],
  ])("all of %s together", (_, scores) => {
    const { precision, recall } = sumsOf(scores);
    expect(precision).toBeGreaterThanOrEqual(0.97);
    expect(recall).toBeGreaterThanOrEqual(0.85);
  });

  afterAll(() => {
    const lines = [made, others, last, learned].flatMap((scores) => {
      const { declared, precision, recall } = sumsOf(scores);
      return [...scores.map(lineOf), `all ${declared}: precision ${shown(precision)}, recall ${shown(recall)}`];
    });
    process.stdout.write(`${lines.join("\n")}\n`);
  });
});

const lineOf = ({ style, declared, found, wrong, missed }: Score): string =>
  `${style.padEnd(12)} ${String(declared).padStart(3)} declared, precision ${shown(precision(found, wrong.length))}, recall ${shown(recall(declared, missed.length))}` +
  `${wrong.length > 0 ? `\n   wrong: ${wrong.join("; ")}` : ""}${missed.length > 0 ? `\n   missed: ${missed.join("; ")}` : ""}`;
