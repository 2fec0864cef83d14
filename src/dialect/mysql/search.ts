// FULLTEXT indexes in boolean mode (fulltext-boolean in MySQL's manual): `+` must be there, `-` must not, and without a sign either is enough.
import type { FullTextSearch } from "../statement-parts.js";

export const search: FullTextSearch = {
  unindexed: () => false,
  found: ({ expression }, placeholder) => `MATCH (${expression}) AGAINST (${placeholder} IN BOOLEAN MODE)`,
  query(query) {
    const each = query.map((terms) =>
      terms
        .map(({ words, excluded }) => {
          const [word = "", ...more] = words;
          return `${excluded ? "-" : "+"}${more.length === 0 ? word : `"${words.join(" ")}"`}`;
        })
        .join(" "),
    );
    return each.length === 1 ? (each[0] as string) : each.map((terms) => `(${terms})`).join(" ");
  },
};
