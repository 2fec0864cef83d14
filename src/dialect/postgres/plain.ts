// One statement by what pg's documentation has (https://node-postgres.com/apis/client): for versions whose private parts are not those
// that `wire/` stands on. Nothing is kept on the connection, so that each statement is parsed each time.
import type { Client, CustomTypesConfig } from "pg";
import { lengthOf, TooLarge } from "../connection.js";
import { type RowForm, RowTexts } from "../row-texts.js";
import type { Answer, Statement } from "./answer.js";
import { checkColumns } from "./columns.js";
import { takeStrings, toParameter } from "./texts.js";

type Row = readonly (string | null)[];

/** Every value comes as the text that the server sent. */
const texts = { getTypeParser: () => (text: string) => text } as unknown as CustomTypesConfig;

/** As `wire/query.ts` answers. `most`: past so many bytes of rows the connection is ended, and the statement with it. */
export async function askPlainly(
  client: Client,
  { text, values }: Pick<Statement, "text" | "values">,
  row?: RowForm,
  most = Number.POSITIVE_INFINITY,
): Promise<Answer> {
  const { Query } = (await import("pg")).default;
  const query = new Query({ text, values: values.map(toParameter), rowMode: "array", types: texts } as never);
  const shown = row && new RowTexts(row);
  const rows: Row[] = [];
  let left = most;
  let failure: unknown;
  const take = (fields: Row) => {
    left -= lengthOf(fields);
    if (left < 0) {
      failure = new TooLarge();
      // While a statement runs, it is the connection's end at once.
      client.end().catch(() => undefined);
    } else if (shown === undefined) rows.push(fields);
    else takeStrings(shown, fields);
  };
  return new Promise((resolve, reject) => {
    query.on("row", (fields: Row) => {
      if (failure !== undefined) return;
      try {
        take(fields);
      } catch (error) {
        failure = error;
      }
    });
    query.on("error", (error) => reject(failure ?? error));
    query.on("end", ({ command, rowCount, fields }) => {
      try {
        if (failure !== undefined) throw failure;
        // What a write has answered with is done.
        if (row !== undefined && text.startsWith("SELECT")) checkColumns(row, fields);
        resolve({ rows: shown?.end() ?? rows, affected: rowCount ?? 0, command });
      } catch (error) {
        reject(error);
      }
    });
    client.query(query);
  });
}
