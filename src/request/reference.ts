// `$0.id`, `$1.0.name`: what an earlier entry of a batch answered, in a later one's path and body.

/** Finds the value that a reference names; `text` is how it was written. */
export type Resolve = (entry: number, fields: readonly string[], text: string) => unknown;

/** In a path a reference ends where a name can: anything but letters, digits, `_` and `-` is the path's own again. */
const IN_PATH = /\$\$|\$(\d{1,6})((?:\.[\p{L}\p{N}_-]+)+)/gu;
/** In a body it is a text of its own. */
const WHOLE = /^\$(\d{1,6})((?:\.[^.]+)+)$/s;

/** A reference as it stands in a path. */
export interface Referred {
  readonly text: string;
  /** Nothing else is in its segment. */
  readonly alone: boolean;
}

/** `put` makes a value the text that stands in the path. */
export const inPath = (path: string, resolve: Resolve, put: (value: unknown, referred: Referred) => string): string =>
  path.replace(IN_PATH, (text: string, entry: string | undefined, fields = "", at: number) => {
    if (entry === undefined) return "$";
    const alone =
      path[at - 1] === "/" && /^(?:[/?]|$)/.test(path.slice(at + text.length)) && !path.slice(0, at).includes("?");
    return put(resolve(Number(entry), fields.slice(1).split("."), text), { text, alone });
  });

/** What a text in a body stands for: itself, but for a reference, and for `$$` at its beginning, which is one `$`. */
export function inBody(text: string, resolve: Resolve): unknown {
  if (!text.startsWith("$")) return text;
  if (text.startsWith("$$")) return text.slice(1);
  const [, entry, fields = ""] = WHOLE.exec(text) ?? [];
  return entry === undefined ? text : resolve(Number(entry), fields.slice(1).split("."), text);
}
