// How a document in parts is written: as JSON, or as YAML (1.2.2).

/** Pieces of text that make one object of objects. `first`: nothing stands before it in its object. */
export interface Notation {
  /** How the document begins, and ends. */
  readonly around: readonly [begin: string, end: string];
  /** What stands before a member's value. */
  name(name: string, depth: number, first: boolean): string;
  /** What stands before a value that is JSON in both notations. */
  readonly gap: string;
  /** A member's value. */
  value(value: unknown, depth: number): string;
  /** An object whose members follow, and its end. */
  readonly begin: string;
  end(isEmpty: boolean): string;
}

export const jsonNotation: Notation = {
  around: ["{", "}"],
  name: (name, _, first) => `${first ? "" : ","}${JSON.stringify(name)}:`,
  gap: "",
  value: (value) => JSON.stringify(value),
  begin: "{",
  end: () => "}",
};

/** Every line begins with its line break, so that what follows may stand on the same one. */
export const yaml: Notation = {
  around: ["---", "\n"],
  name: (name, depth) => `\n${indented(depth)}${scalar(name)}:`,
  gap: " ",
  value: (value, depth) => block(value, depth + 1),
  begin: "",
  end: (isEmpty) => (isEmpty ? " {}" : ""),
};

const indented = (depth: number): string => "  ".repeat(depth);

function block(value: unknown, depth: number): string {
  if (typeof value !== "object" || value === null) return ` ${scalar(value)}`;
  // What JSON leaves out.
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return Array.isArray(value) ? " []" : " {}";
  if (Array.isArray(value)) return value.map((item) => `\n${indented(depth)}-${block(item, depth + 1)}`).join("");
  return members.map(([name, member]) => yaml.name(name, depth, false) + block(member, depth + 1)).join("");
}

/** A text of JSON is one of YAML too ("Double-Quoted Style"). A plain word stands as it is, unless it reads as another value. */
const scalar = (value: unknown): string =>
  typeof value === "string" && /^[A-Za-z/][\w/-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);

/** A whole document as YAML. */
export const toYaml = (document: object): string => yaml.around[0] + block(document, 0) + yaml.around[1];
