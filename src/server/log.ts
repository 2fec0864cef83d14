// The server's log: lines on stderr by pino, of JSON, or readable ones at a terminal. stdout says where it listens, and nothing else.
import { destination, pino, stdTimeFunctions } from "pino";
import type { Logger } from "../base/logger.js";
import { readableLog } from "./readable-log.js";
import { redacting } from "./redact.js";

/** Each tells what those before it tell, too. */
export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;

/** Where nobody says anything. */
export const programLogLevel = "info";

export type LogLevel = (typeof logLevels)[number];

/** `auto`: `text` where stderr is a terminal, else `json`. */
export const logFormats = ["auto", "json", "text"] as const;

export type LogFormat = (typeof logFormats)[number];

/** `keyHeaders` hold secrets, as `Authorization` does. */
export const createLog = (level: LogLevel, keyHeaders: readonly string[], format: LogFormat = "json"): Logger =>
  pino(
    {
      level,
      // Whoever collects lines knows the host and the process.
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFields(redacting(keyHeaders)) },
    },
    // Together, a few times a second and at the end: a write for each line takes as long as a small request. A reader that
    // is stuck must not make memory grow.
    isText(format)
      ? readableLog(process.stderr, process.stderr.hasColors?.() === true && !process.env.NO_COLOR)
      : destination({ dest: 2, sync: false, minLength: 4_096, periodicFlush: 200, maxLength: 16_777_216 }),
  );

const isText = (format: LogFormat): boolean =>
  format === "text" || (format === "auto" && process.stderr.isTTY === true);

/** Not the driver's own fields: there are values in them. */
const errorFields = (redact: (text: string) => string) => (error: unknown) => {
  if (!(error instanceof Error)) return { message: redact(String(error)) };
  const { name, message, stack = "" } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { type: name, message: redact(message), ...(code === undefined ? {} : { code }), stack: redact(stack) };
};
