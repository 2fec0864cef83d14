// CONTAINS over a full-text index (queries/contains-transact-sql), in the language that the index gives the column.
import type { FullTextSearch } from "../statement-parts.js";

export const search: FullTextSearch = {
  unindexed: () => false,
  found: ({ expression }, placeholder) => `CONTAINS(${expression}, ${placeholder})`,
  query(query) {
    const each = query.map((terms) => {
      const phrases = (excluded: boolean) =>
        terms.filter((term) => term.excluded === excluded).map(({ words }) => `"${words.join(" ")}"`);
      return `(${[phrases(false).join(" AND "), ...phrases(true)].join(" AND NOT ")})`;
    });
    return each.join(" OR ");
  },
};
