// From a list's first page to its last by `rel="next"`, and back by `rel="prev"`: the same rows as in one long list.

import type { Api } from "../../src/api/api.js";
import { fc } from "../support/any.js";
import { answerOf, get, told } from "./answers.js";
import { anyAsk } from "./any-ask.js";
import type { Property } from "./cases.js";
import { evaluate, type World } from "./evaluate.js";
import { type Ask, pathOf, queryOf } from "./query.js";

type Limit = number;
type Walk = readonly [Ask, Limit];

/** More than there are rows. */
const MOST_PAGES = 100;

export const walks: Property<Walk> = {
  any: (world) =>
    fc.tuple(
      anyAsk(world)
        .filter((ask) => Array.isArray(evaluate(world, ask).body))
        .map((ask): Ask => ({ ...ask, count: false, list: { ...ask.list, offset: undefined } })),
      fc.constantFrom(1, 2, 3),
    ),
  found: (api, [ask, limit]) => walked(api, at(ask, limit)),
  wanted: (world, [ask, limit]) => {
    const there = pagesOf(world, ask, limit);
    return { there, back: there.slice(0, -1).toReversed() };
  },
  told: ([ask, limit]) => told(at(ask, limit)),
};

const at = (ask: Ask, limit: Limit, offset?: number): Ask => ({ ...ask, list: { ...ask.list, limit, offset } });

/** One at least, which may be empty. */
function pagesOf(world: World, ask: Ask, limit: Limit): unknown[] {
  const pages: unknown[] = [];
  for (let offset = 0; ; offset += limit) {
    const { body } = evaluate(world, at(ask, limit, offset));
    if (offset > 0 && (body as unknown[]).length === 0) return pages;
    pages.push(body);
  }
}

async function walked(api: Api, ask: Ask): Promise<unknown> {
  const there = await follow(api, `${pathOf(ask)}?${queryOf(ask)}`, "next");
  const back = there.last === undefined ? undefined : await follow(api, there.last, "prev");
  return { there: there.pages, back: back?.pages.slice(1) };
}

/** The pages' rows, and the address of the last one. */
async function follow(api: Api, from: string, relation: string): Promise<{ pages: unknown[]; last?: string }> {
  const pages: unknown[] = [];
  let address = from;
  while (pages.length < MOST_PAGES) {
    const [path = "", query = ""] = address.split("?");
    const response = await get(api, path, query);
    const { status, body, ...rest } = answerOf(response);
    pages.push(status === 200 ? body : { status, ...rest });
    const next = new RegExp(`<([^>]*)>; rel="${relation}"`).exec(response.headers.link ?? "")?.[1];
    if (next === undefined) break;
    address = next;
  }
  return { pages, last: address };
}
