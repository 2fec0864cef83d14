// SQL texts checked by grammars that are not ours: antlr4ts-sql's T-SQL and MySQL. In: a text. Out: what is wrong with it, one line each.
// Its convenience function never throws, so lexer and parser are put together here, with listeners that keep what they hear.
import antlr from "antlr4ts-sql";

/** Valid SQL that the grammars do not know, and what they are given for it. The only exceptions. */
const unknownToThem = {
  mysql: [
    // «Identifier quote characters can be included within an identifier if you quote the identifier» (MySQL manual, 11.2), by doubling.
    [/``/g, "_"],
    // «The leading X or x» of a hexadecimal literal (9.1.4), which may be empty: the grammar has the small one with digits only.
    [/\bX'[\da-f]*'/g, "0x00"],
  ],
  tsql: [
    // CREATE TABLE's `[ type_schema_name. ] type_name`: in a table variable the grammar takes a type's bare name only.
    [/(?<=\] )\[\w+\]\.(?=\[\w+\][,)])/g, ""],
  ],
} as const satisfies Record<string, readonly (readonly [RegExp, string])[]>;

const readable = (dialect: keyof typeof unknownToThem, text: string): string =>
  unknownToThem[dialect].reduce((known, [found, instead]) => known.replace(found, instead), text);

/** A mistake as the grammar reports it: `1:25 mismatched input 'FORM' …`. */
export type Mistake = string;

export function tsqlMistakes(text: string): Mistake[] {
  const heard = listener();
  // The grammar knows its keywords in capitals only.
  const upper = new antlr.CaseChangingStream(
    antlr.CharStreams.fromString(readable("tsql", text)),
    true,
  ) as unknown as antlr.CharStream;
  const lexer = new antlr.TSqlLexer(upper);
  const parser = new antlr.TSQLGrammar.TSqlParser(new antlr.CommonTokenStream(heard.by(lexer)));
  heard.by(parser).tsql_file();
  return heard.mistakes;
}

function mysqlLexer(text: string) {
  const lexer = new antlr.MySQLLexer(antlr.CharStreams.fromString(readable("mysql", text)));
  lexer.serverVersion = 80_017;
  lexer.charsets = ["_utf8mb4"];
  return lexer;
}

/** What is left of a text when MySQL 8 has taken the comments out. */
export const mysqlWords = (text: string): string[] =>
  mysqlLexer(text)
    .getAllTokens()
    .filter(({ channel }) => channel === 0)
    .map((token) => token.text ?? "");

export function mysqlMistakes(text: string): Mistake[] {
  const heard = listener();
  const lexer = mysqlLexer(text);
  const parser = new antlr.MySQLGrammar.MultiQueryMySQLParser(new antlr.CommonTokenStream(heard.by(lexer)));
  parser.serverVersion = 80_017;
  heard.by(parser).sql_script();
  return heard.mistakes;
}

interface Recognizer {
  removeErrorListeners(): void;
  addErrorListener(listener: never): void;
}

function listener() {
  const mistakes: Mistake[] = [];
  const listening = {
    syntaxError(_recognizer: unknown, _symbol: unknown, line: number, column: number, message: string) {
      // What it would have taken instead is a list of some hundred words.
      mistakes.push(`${line}:${column} ${message.replace(/ expecting \{.*/s, "")}`);
    },
  };
  const by = <R extends Recognizer>(recognizer: R): R => {
    recognizer.removeErrorListeners();
    recognizer.addErrorListener(listening as never);
    return recognizer;
  };
  return { mistakes, by };
}
