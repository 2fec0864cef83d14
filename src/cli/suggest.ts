// `sapwood init --suggest`: what names leave open, as `belongsTo` entries with their reasons, for a person to keep or strike.
import type { Api } from "../api/api.js";
import { type Contained, lookForValues, SAMPLE } from "../database/contained.js";
import { relateAll } from "../routes/relations.js";
import { type Suggestion, suggestionsOf } from "../routes/suggest.js";
import type { Table } from "../schema/schema.js";

/** A guess, and whether the file says it or keeps it as a comment only. */
export interface Weighed extends Suggestion {
  readonly believed: boolean;
}

/** From here up a guess holds until somebody strikes it. */
const LIKELY = 0.5;

/** With `looks` only those hold whose values are there. */
export async function weighedSuggestions(api: Api, looks: boolean): Promise<readonly Weighed[]> {
  const suggestions = suggestionsOf(api.schema, relateAll(api.schema));
  if (!looks) return suggestions.map((one) => ({ ...one, believed: one.confidence >= LIKELY }));
  const tables = new Map(api.schema.tables.map((table) => [table.id, table]));
  const weighed: Weighed[] = [];
  // One after another: a database at work has better things to do.
  for (const one of suggestions) weighed.push(await whereValuesAre(one, api, tables));
  return weighed;
}

/** The likeliest parent, or, where its values are not there, the first of those as likely that has them all. */
async function whereValuesAre(one: Suggestion, api: Api, tables: ReadonlyMap<string, Table>): Promise<Weighed> {
  const first = await lookedAt(one, api, tables);
  if (first.believed) return first;
  for (const other of one.others) {
    const because = `${one.parent} or ${other.parent} could be meant`;
    const looked = await lookedAt({ ...one, ...other, because }, api, tables);
    if (looked.believed) return looked;
  }
  return first;
}

async function lookedAt(one: Suggestion, api: Api, tables: ReadonlyMap<string, Table>): Promise<Weighed> {
  const child = { table: tables.get(one.table) as Table, column: one.column };
  const parent = { table: tables.get(one.parent) as Table, column: one.key };
  const told = (more: string, believed: boolean, confidence = one.confidence): Weighed => ({
    ...one,
    because: `${one.because}; ${more}`,
    believed,
    confidence,
  });
  try {
    const found = await lookForValues(api, child, parent);
    if (found.seen === 0) return told("no values to look at", false);
    return found.missing > 0
      ? told(`${found.missing} of ${valuesOf(found)} are not there`, false, 0.1)
      : told(`all ${valuesOf(found)} are there`, true, surer(one.confidence, found));
  } catch (error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return told(`its values could not be looked at (${why.slice(0, 120)})`, false);
  }
}

const valuesOf = ({ seen }: Contained): string => `${seen} values in up to ${SAMPLE} rows`;

/** A few small numbers stand in any key that counts from 1. */
const surer = (confidence: number, { seen }: Contained): number =>
  Math.round(Math.min(0.95, confidence + (seen >= 100 ? 0.3 : 0.1)) * 100) / 100;

function byTable(all: readonly Weighed[]): ReadonlyMap<string, readonly Weighed[]> {
  const tables = [...new Set(all.map(({ table }) => table))];
  return new Map(tables.map((name) => [name, all.filter(({ table }) => table === name)]));
}

/** Only what is believed: JSON has no comments. */
export const suggestedEntries = (all: readonly Weighed[]): readonly object[] =>
  [...byTable(all.filter(({ believed }) => believed))].map(([name, some]) => ({
    name,
    belongsTo: some.map(({ parent, column, because, confidence }) => ({
      ...{ table: parent, column },
      ...{ because: onOneLine(because), confidence },
    })),
  }));

/** The same as a program's text, what is not believed as comments. */
export function suggestedText(all: readonly Weighed[]): string {
  const entries = [...byTable(all)].map(([name, some]) => {
    const lines = some.map((one) => `        ${lineOf(one)}`);
    return `    {\n      name: ${JSON.stringify(name)},\n      belongsTo: [\n${lines.join("\n")}\n      ],\n    },`;
  });
  return `  // What names suggest: strike what is wrong, and take the // away where a guess is right. A number is how sure it is, from 0 to 1.
  overrides: [\n${entries.join("\n")}\n  ],\n`;
}

function lineOf({ parent, column, because, confidence, believed }: Weighed): string {
  const entry = `{ table: ${JSON.stringify(parent)}, column: ${JSON.stringify(column)} },`;
  return `${believed ? "" : "// "}${entry} // ${confidence}: ${onOneLine(because)}`;
}

/** A name may hold what ends a comment. */
const onOneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]/gu, " ");
