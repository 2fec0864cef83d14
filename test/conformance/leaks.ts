// What never reaches a client: words of SQL, of drivers, of stacks. What the client said itself does not count.

const words = [
  ...["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", " FROM ", " WHERE ", "RETURNING", "CAST(", "DROP "],
  ...["syntax", "violates", "duplicate key", "Duplicate entry", "constraint failed", "foreign key constraint"],
  ...["Incorrect ", "Data too long", "out of range for type", "invalid input", "datatype mismatch", "of relation"],
  ...["SQLITE", "SqliteError", "ER_", "errno", "sqlState", "sql_mode", "pg_", "knex", "mysql", "MariaDB"],
  ...["PostgreSQL", "postgres", "better-sqlite3", "node_modules", "    at ", ".ts:", ".js:", "undefined", "[object"],
];

/** The first such word in an answer's text. */
export function forbiddenWord(text: string, request: string): string | undefined {
  const said = `${request} ${decodedLoosely(request)}`;
  return words.find((word) => text.includes(word) && !said.includes(word.trim()));
}

function decodedLoosely(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
