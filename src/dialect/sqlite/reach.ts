// How many rows a writing statement may go through: its program, as EXPLAIN shows it (https://sqlite.org/opcode.html), with those of
// its triggers and of the foreign keys that cascade. The rows that a request brings are bounded by its body, and do not count.
import type Database from "better-sqlite3";

/**
 * `few`: those that it names. `indexed`: it looks at all that an index leads to, mostly few. `many`: it may go through a whole table,
 * or change rows of which nobody knows how many there are.
 */
export type StatementReach = "few" | "indexed" | "many";

/** Its address, its name and three operands; more follows. */
type Instruction = readonly [address: number, name: string, p1: number, p2: number, p3: number];

export function statementReach(database: Database.Database, text: string, values: readonly unknown[]): StatementReach {
  const instructions = database
    .prepare<unknown[], Instruction>(`EXPLAIN ${text}`)
    .raw()
    .all(...values);
  const reaches = programsOf(instructions).map((program, i) => reachIn(program, i > 0));
  return reaches.find((reach) => reach === "many") ?? reaches.find((reach) => reach === "indexed") ?? "few";
}

/** The statement's own first. Each begins at address 0. */
function programsOf(instructions: readonly Instruction[]): Instruction[][] {
  const programs: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction[0] === 0) programs.push([]);
    programs.at(-1)?.push(instruction);
  }
  return programs;
}

function reachIn(program: readonly Instruction[], isInner: boolean): StatementReach {
  const own = new Set(program.filter(([, name]) => OPENS_OWN.has(name)).map(([, , cursor]) => cursor));
  // What recurs takes each row out of a table of its own, and puts further ones in (https://sqlite.org/lang_with.html).
  if (program.some(([, name, cursor]) => name === "Count" || (name === "Delete" && own.has(cursor)))) return "many";
  let reach: StatementReach = "few";
  for (const [address, name, cursor, first] of program) {
    if (name === "VNext") reach = "indexed";
    if ((name !== "Next" && name !== "Prev") || own.has(cursor)) continue;
    const body = program.slice(first, address);
    if (!isSought(program.slice(0, first), cursor)) return "many";
    if (isInner && body.some(([, name]) => CHANGES.has(name))) return "many";
    reach = "indexed";
  }
  return reach;
}

/** Does a loop's cursor begin at what an index leads to? */
const isSought = (before: readonly Instruction[], cursor: number): boolean =>
  before.findLast(([, name, p1]) => p1 === cursor && BEGINS.test(name))?.[1].startsWith("Seek") ?? false;

const BEGINS = /^(Rewind|Last|Sort|Seek(GE|GT|LE|LT|Rowid))$/;

/** Cursors on what the statement has made itself. */
const OPENS_OWN: ReadonlySet<string> = new Set([
  "OpenEphemeral",
  "OpenAutoindex",
  "OpenDup",
  "OpenPseudo",
  "SorterOpen",
]);

const CHANGES: ReadonlySet<string> = new Set([
  ...["Insert", "Delete", "IdxInsert", "IdxDelete", "RowSetAdd", "Program", "VUpdate"],
]);
