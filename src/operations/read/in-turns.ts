// Rows that are made into another form, a part of them at a time: others have their turn between two parts.
import { setImmediate as nextTurn } from "node:timers/promises";

/** Characters of JSON that are made CSV at once: what others wait for (measured: about 10 ms). */
const TURN = 131_072;

export async function* inTurns(rows: readonly string[]): AsyncGenerator<readonly string[], void> {
  for (const [n, some] of [...parts(rows)].entries()) {
    if (n > 0) await nextTurn();
    yield some;
  }
}

function* parts(rows: readonly string[]): Generator<readonly string[], void> {
  let from = 0;
  let length = 0;
  for (const [at, row] of rows.entries()) {
    length += row.length;
    if (length < TURN) continue;
    yield rows.slice(from, at + 1);
    from = at + 1;
    length = 0;
  }
  if (from < rows.length) yield rows.slice(from);
}
