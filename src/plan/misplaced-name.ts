// A name that is no column although it means something: said at the wrong place, or without what belongs to it.

import { didYouMean, excerpt } from "../base/suggest.js";
import { type HttpError, problem } from "../http/problem.js";
import { parameterHint } from "../request/other-tools.js";
import { parameters } from "../request/query.js";
import { type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import { type RelationNames, relationsFrom } from "./column-names.js";

interface Names extends RelationNames {
  readonly lookup: Lookup;
}

/** `path` is the whole name, `name` what is left of it at this table. */
export function misread(path: string, name: string, entry: TableLookup, names: Names): HttpError | undefined {
  if (entry.readable.has(name)) return undefined;
  const relation = relationsFrom(entry, names).get(name);
  if (relation !== undefined) {
    const [column = ""] = tableOf(names.lookup, relation.table).readable.keys();
    return problem(
      "malformed_query",
      `'${excerpt(path)}' is a relation: name a column behind it, as in ${excerpt(path)}.${column}, or ask whether there is one: ${excerpt(path)}=is:null.`,
    );
  }
  if (name.includes("::"))
    return problem(
      "malformed_query",
      `'${excerpt(path)}': types stand in select. Rows are filtered by the column itself.`,
    );
  if (name.endsWith("()"))
    return problem(
      "malformed_query",
      `'${excerpt(path)}': of related rows their number is filtered and sorted by, as in tracks.count()=gt:5. Groups are sorted, and filtered by having, by the names that select shows, as in order-by=sum:desc.`,
    );
  if (/^(and|or)$/.test(path))
    return problem("malformed_query", `'${path}' takes filters in parentheses: ${path}=(age=lt:18,name=like:A%).`);
  const hint = path === name ? parameterHint(name, (field) => entry.readable.has(field)) : "";
  if (hint !== "") {
    const near = didYouMean(name, [...entry.readable.keys(), ...parameters]);
    return problem("unknown_column", `${entry.label} has no column '${excerpt(name)}'.${near} ${hint}`);
  }
  const list = path.slice(0, -name.length - 1);
  if (path === name || !(parameters as readonly string[]).includes(name)) return undefined;
  return problem(
    "malformed_query",
    `'${excerpt(path)}' is for an embedded list: select it too, as in ${excerpt(list)}(*).`,
  );
}
