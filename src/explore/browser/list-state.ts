// What a list shows, as it stands in the page's address: so that it can be kept, sent and gone back to.
import { useSearchParams } from "react-router-dom";
import type { ExploredTable } from "../model.js";

export interface ListState {
  readonly page: number;
  readonly perPage: number;
  readonly sort: { readonly field: string; readonly order: "ASC" | "DESC" };
  /** As the provider takes them: `{ "age@gte": "3", country_id: "7", q: "words" }`. */
  readonly filter: Readonly<Record<string, string | null>>;
  set(changes: Partial<Pick<ListState, "page" | "perPage" | "sort" | "filter">>): void;
}

export const PAGE_SIZES = [25, 50, 100] as const;

export function useListState({ key, fields }: ExploredTable): ListState {
  const [search, setSearch] = useSearchParams();
  const field = search.get("sort") ?? (key.length > 0 ? "id" : (fields.find(({ read }) => read)?.name ?? ""));
  const state = {
    page: Math.max(1, Number(search.get("page")) || 1),
    perPage: PAGE_SIZES.find((size) => String(size) === search.get("size")) ?? PAGE_SIZES[0],
    sort: { field, order: search.get("order") === "desc" ? ("DESC" as const) : ("ASC" as const) },
    filter: filterIn(search.get("filter")),
  };
  return {
    ...state,
    set: (changes) => {
      // A page that is not said is the first: what it was a page of is another list now.
      const { page, perPage, sort, filter } = { ...state, page: 1, ...changes };
      setSearch({
        ...(page > 1 && { page: String(page) }),
        ...(perPage !== PAGE_SIZES[0] && { size: String(perPage) }),
        ...(sort.field !== "id" && { sort: sort.field }),
        ...(sort.order === "DESC" && { order: "desc" }),
        ...(Object.keys(filter).length > 0 && { filter: JSON.stringify(filter) }),
      });
    },
  };
}

/** An address may say anything. */
function filterIn(text: string | null): ListState["filter"] {
  try {
    const filter: unknown = JSON.parse(text ?? "{}");
    if (typeof filter !== "object" || filter === null || Array.isArray(filter)) return {};
    return Object.fromEntries(
      Object.entries(filter).filter(([, value]) => value === null || typeof value === "string"),
    ) as ListState["filter"];
  } catch {
    return {};
  }
}
