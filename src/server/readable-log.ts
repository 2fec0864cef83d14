// Lines of the log for people at a terminal: `12:30:00 warn  slow statement  ms=812`. Programs get them as JSON.
import { Writable } from "node:stream";

type Line = Readonly<Record<string, unknown>>;

/** Takes pino's lines, and writes each to `out` in one. `colours` as the terminal has them. */
export const readableLog = (out: NodeJS.WritableStream, colours: boolean): Writable =>
  new Writable({
    decodeStrings: false,
    write(text: string | Buffer, _encoding, done) {
      const lines = String(text)
        .split("\n")
        .filter((line) => line !== "");
      out.write(lines.map((line) => `${readable(line, colours)}\n`).join(""));
      done();
    },
  });

/** Red and yellow (ECMA-48, SGR). */
const colourOf: Readonly<Record<string, number>> = { error: 31, warn: 33 };

export function readable(json: string, colours: boolean): string {
  const { level, time, msg, err, ...fields } = JSON.parse(json) as Line;
  const at = typeof time === "string" ? time.slice(11, 19) : "";
  const name = String(level).padEnd(5);
  const colour = colours ? colourOf[String(level)] : undefined;
  const shown = colour === undefined ? name : `\u001b[${colour}m${name}\u001b[39m`;
  return [
    at,
    shown,
    msg === "request" ? requestText(fields) : [clean(String(msg)), ...rest(fields)].join("  "),
    ...errorText(err),
  ].join(" ");
}

/** `GET /api/members 200 3.1 ms` */
function requestText({
  method,
  path,
  query,
  status,
  ms,
  bytes: _,
  requestId: __,
  route: ___,
  ...others
}: Line): string {
  const names = Array.isArray(query) ? `?${query.map((name) => `${name}=…`).join("&")}` : "";
  return [`${method} ${clean(String(path))}${clean(names)} ${status ?? "-"} ${ms} ms`, ...rest(others)].join("  ");
}

const rest = (fields: Line): string[] =>
  Object.entries(fields).map(
    ([name, value]) => `${name}=${clean(typeof value === "string" ? value : JSON.stringify(value))}`,
  );

/** The stack, which says the message too. */
function errorText(err: unknown): string[] {
  if (typeof err !== "object" || err === null) return [];
  const { stack, message } = err as { readonly stack?: string; readonly message?: string };
  return [`\n  ${clean(stack ?? message ?? "", "\n  ")}`];
}

/** A client's text must not move the cursor or change the title of a terminal. */
const clean = (text: string, lineBreak = " "): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.replace(/\p{Cc}/gu, ""))
    .join(lineBreak);
