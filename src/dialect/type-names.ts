// What the databases' spellings of types have in common: the kind of a type → a name by a table of them.
import type { ColumnType, ValueKind } from "../schema/schema.js";

/** How each kind is spelled; what is missing is kept as text. */
export type TypeNames = Readonly<Partial<Record<ValueKind, (type: ColumnType, keyed: boolean) => string>>> & {
  readonly text: (type: ColumnType, keyed: boolean) => string;
};

/** `own`: names that are taken as they are. A boolean's own may be a number's elsewhere: `tinyint(1)`. */
export const typeNamesBy = (names: TypeNames, own: RegExp) => ({
  typeName: (type: ColumnType, keyed: boolean): string =>
    type.kind !== "boolean" && own.test(type.native) ? type.native : (names[type.kind] ?? names.text)(type, keyed),
  isOwn: (native: string): boolean => own.test(native),
});

/** Whole names, in any case, with numbers in parentheses behind them or not. */
export const wordsWithNumbers = (words: string): RegExp => new RegExp(`^(${words})(\\(\\d+(,\\s*\\d+)?\\))?$`, "i");

/** How many bits a whole number needs, and whether it is never below 0. */
export function integerSize({ min = "", max = "" }: ColumnType): { bits: 16 | 32 | 64; unsigned: boolean } {
  const most = max === "" ? 2n ** 63n : BigInt(max);
  const unsigned = min === "0";
  const fits = (bits: bigint) => most < 2n ** (unsigned ? bits : bits - 1n);
  return { bits: fits(16n) ? 16 : fits(32n) ? 32 : 64, unsigned };
}

/** Digits where they are said; `most` for databases that ask for them always. */
export const decimalDigits = ({ precision, scale = 0 }: ColumnType, otherwise: string): string =>
  precision === undefined ? otherwise : `(${precision},${scale})`;

/** The same for all spellings of a type, but for the words of one database. */
export const spelling = (native: string): string =>
  native
    .trim()
    .toLowerCase()
    .replace(/\s*,\s*/g, ",")
    .replace(/\s+/g, " ");
