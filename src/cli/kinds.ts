// What a setting's value may be, and how a text becomes one: the same for flags, variables and the config file.
import { didYouMean } from "../base/suggest.js";

/** Not a value of this kind: the message says what is. */
export class UnfitSetting extends Error {}

export interface SettingKind {
  /** What stands behind the flag in the help: `<port>`. A switch has nothing. */
  readonly argument?: string;
  /** Several values: the flag may stand several times, and this parts them within a text. */
  readonly parted?: "," | "\n";
  /** There is a flag `--no-…`, which is `false`. */
  readonly orNone?: true;
  /** In the config file an object of options may stand in its place, which the API checks. */
  readonly orOptions?: true;
  /** A path: in the config file it begins at the file's own folder. */
  readonly path?: true;
  /** The JSON Schema of a value in the config file. */
  readonly json: object;
  /** Throws `Unfit`. */
  parse(text: string): unknown;
}

const anyText = { type: "string" };

export const textKind = (argument: string): SettingKind => ({ argument, json: anyText, parse: (text) => text });

/** A file's path. */
export const fileKind: SettingKind = { argument: "file", path: true, json: anyText, parse: (text) => text };

/** Several texts. */
export const texts = (argument: string, parted: "," | "\n" = ","): SettingKind => ({
  argument,
  parted,
  json: { anyOf: [anyText, { type: "array", items: anyText }] },
  parse: (text) => {
    if (text !== "") return text;
    throw new UnfitSetting("One of the values is empty.");
  },
});

/** A page's path, or `false` for none. */
export const pageOrNone: SettingKind = {
  argument: "path",
  orNone: true,
  json: { anyOf: [{ type: "boolean" }, { type: "string", pattern: "^/" }] },
  parse: (text) => {
    if (text === "true" || text === "false") return text === "true";
    if (text.startsWith("/")) return text;
    throw new UnfitSetting("A path such as /reference is needed here, or false.");
  },
};

export const count = (argument: string, least = 1): SettingKind => ({
  argument,
  json: { type: "integer", minimum: least },
  parse: (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
    throw new UnfitSetting(`A whole number from ${least} up is needed here, such as ${Math.max(least, 100)}.`);
  },
});

/** A number, or a word for as many as there can be. */
export const countOrMax = (argument: string): SettingKind => {
  const plain = count(argument);
  const json = { anyOf: [plain.json, { const: "max" }] };
  return { argument, json, parse: (text) => (text === "max" ? text : plain.parse(text)) };
};

/** The longest time that node's timers know, 2^31 - 1 ms, is somewhat more. */
const MOST_SECONDS = 2_000_000;

export const seconds = (least: 0 | 1 = 1): SettingKind => ({
  argument: "seconds",
  json: { type: "number", [least === 0 ? "minimum" : "exclusiveMinimum"]: 0, maximum: MOST_SECONDS },
  parse: (text) => {
    const value = Number(text);
    const enough = least === 0 ? value >= 0 : value > 0;
    if (/^\d+(\.\d+)?$/.test(text) && enough && value <= MOST_SECONDS) return value;
    throw new UnfitSetting(
      `A number of seconds ${least === 0 ? "from 0" : "above 0"} is needed here, such as 30 or 0.5.`,
    );
  },
});

export const port: SettingKind = {
  argument: "port",
  json: { type: "integer", minimum: 0, maximum: 65_535 },
  parse: (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= 65_535) return value;
    throw new UnfitSetting("A port is a whole number from 0 to 65535, such as 3000.");
  },
};

export const word = (argument: string, words: readonly string[]): SettingKind => ({
  argument,
  json: { enum: words },
  parse: (text) => {
    if (words.includes(text)) return text;
    throw new UnfitSetting(`It is one of ${words.join(", ")}.${didYouMean(text, words)}`);
  },
});

/** On or off: `--name`, `--no-name`. */
export const toggle: SettingKind = {
  json: { type: "boolean" },
  parse: (text) => {
    if (/^(1|true|yes|on)$/i.test(text)) return true;
    if (/^(0|false|no|off)$/i.test(text)) return false;
    throw new UnfitSetting("It is true or false.");
  },
};

/** The same, or how. */
export const toggleOrOptions: SettingKind = { ...toggle, orOptions: true, json: { type: ["boolean", "object"] } };

/** A text from the command line or the environment. */
export function settingFromText(kind: SettingKind, text: string): unknown {
  if (kind.parted === undefined) return kind.parse(text);
  return text.split(kind.parted).map((part) => kind.parse(part.trim()));
}

/** A value from the config file. Throws `Unfit`. */
export function fromFile(kind: SettingKind, value: unknown): unknown {
  if (kind.parted !== undefined && Array.isArray(value)) {
    if (value.every((item) => typeof item === "string")) return value.map((item) => kind.parse(item));
    throw new UnfitSetting("It is a list of texts.");
  }
  if (kind.orOptions && typeof value === "object") return value;
  if ((kind.argument === undefined || kind.orNone) && typeof value === "boolean") return value;
  if (typeof value === "string") return settingFromText(kind, value);
  if (typeof value === "number") return kind.parse(String(value));
  throw new UnfitSetting(`It is ${formOf(kind)}.`);
}

function formOf({ argument, parted }: SettingKind): string {
  if (argument === undefined) return "true or false";
  return parted === undefined ? `a value: ${argument}` : "a list of texts";
}
