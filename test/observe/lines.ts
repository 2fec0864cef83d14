// A logger that keeps what it was told.
import type { Logger } from "../../src/base/logger.js";

export interface Line {
  readonly level: keyof Logger;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests say themselves what they expect in it
  readonly fields: any;
}

export function keepLines(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const keep = (level: keyof Logger) => (fields: object, text: string) => void lines.push({ level, text, fields });
  return { logger: { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") }, lines };
}
