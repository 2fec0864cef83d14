// The text of pg_node_tree, as nodeToString writes it (src/backend/nodes/outfuncs.c) → nodes, lists and words.

export type NodeValue = TreeNode | readonly NodeValue[] | string;
export interface TreeNode {
  readonly tag: string;
  readonly fields: Readonly<Record<string, NodeValue>>;
}

// A backslash hides what stands behind it; a text may stand in double quotes.
const form = /[{}()[\]]|"(?:[^"\\]|\\[\s\S])*"|(?:\\[\s\S]|[^\s{}()[\]\\])+/g;

export function parseNodeTree(text: string): NodeValue {
  const tokens = text.match(form) ?? [];
  let at = 0;
  const list = (end: string): NodeValue[] => {
    const values: NodeValue[] = [];
    while (at < tokens.length && tokens[at] !== end) values.push(value());
    at++;
    return values;
  };
  const node = (): TreeNode => {
    const tag = tokens[at++] as string;
    const fields: Record<string, NodeValue> = Object.create(null);
    while (at < tokens.length && tokens[at] !== "}") {
      const name = (tokens[at++] as string).slice(1);
      const values: NodeValue[] = [];
      while (at < tokens.length && tokens[at] !== "}" && !isField(tokens[at] as string)) values.push(value());
      fields[name] = values.length === 1 ? (values[0] as NodeValue) : values;
    }
    at++;
    return { tag, fields };
  };
  const value = (): NodeValue => {
    const token = tokens[at++] as string;
    if (token === "{") return node();
    if (token === "(") return list(")");
    if (token === "[") return list("]");
    return token.replace(/\\([\s\S])/g, "$1");
  };
  return value();
}

const isField = (token: string): boolean => token.startsWith(":");

export const isNode = (value: NodeValue | undefined): value is TreeNode =>
  typeof value === "object" && !Array.isArray(value);

export const listIn = (value: NodeValue | undefined): readonly NodeValue[] =>
  Array.isArray(value) ? (value as readonly NodeValue[]) : [];
