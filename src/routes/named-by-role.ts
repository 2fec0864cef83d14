// A column called after a role and a noun → the table whose noun it is: `shipping_country_id`, `location_dest_id`.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import type { Reading } from "./column-reading.js";
import { callsKeySo, keyIsCalledId, type Lead } from "./lead.js";
import { besideOf, ownerOf } from "./owner-of.js";
import type { TableNouns } from "./table-nouns.js";

/** `shipping_country_id`: the longest noun that it ends with. */
export function byRole(reading: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const stem = withoutNumber(reading.stem);
  for (let cut = stem === reading.stem ? 1 : 0; cut < stem.length; cut++) {
    const noun = stem.slice(cut);
    const parent =
      besideKeyed(noun, column, table, nouns) ?? nouns.find(noun, table) ?? likeKeyed(noun, column, table, nouns);
    if (parent === undefined || (reading.form !== "id" && !callsKeySo(parent, reading, column))) continue;
    if (isSaidBeside(stem.slice(0, cut), table)) return undefined;
    const role = cut === 0 ? (reading.stem.at(-1) as string) : stem.slice(0, cut).join(" ");
    return { parent, how: `is named after ${parent.id}, as its ${role}`, whole: false };
  }
  return undefined;
}

/** `concept_id_1`, `featured_user1_id` */
function withoutNumber(stem: readonly string[]): readonly string[] {
  const [, word = ""] = /^(.*?)\d+$/u.exec(stem.at(-1) ?? "") ?? [undefined, stem.at(-1)];
  const before = stem.slice(0, -1);
  return word === stem.at(-1) ? stem : word === "" ? before : [...before, word];
}

const directions: ReadonlySet<string> = new Set(
  "from to src source dest destination target origin old new previous prev next first second".split(" "),
);
const uses: ReadonlySet<string> = new Set("invoice invoicing billing shipping delivery".split(" "));

/** `location_dest_id`; and `partner_invoice_id`, where `partner_id` stands beside it: a role behind the noun. */
export function byRoleBehind(
  { form, stem }: Reading,
  column: Column,
  table: Table,
  nouns: TableNouns,
): Lead | undefined {
  const [noun, role = ""] = [stem.slice(0, -1), stem.at(-1)];
  if (form !== "id" || noun.length === 0) return undefined;
  const plain = [...noun, "id"].join("_");
  const isBeside = table.columns.some(({ name }) => wordsOf(name).join("_") === plain);
  if (!directions.has(role) && !(uses.has(role) && isBeside)) return undefined;
  const parent = nouns.find(noun, table) ?? likeKeyed(noun, column, table, nouns);
  return parent && keyIsCalledId(parent)
    ? { parent, how: `is named after ${parent.id}, as its ${role}`, whole: false }
    : undefined;
}

/** `provider_account_id` beside a text `provider`: the account is the provider's. */
const isSaidBeside = (role: readonly string[], { columns }: Table): boolean =>
  role.length > 0 &&
  columns.some(({ name, type }) => type.kind === "text" && wordsOf(name).join("_") === role.join("_"));

/** `current_session_id` in `environments`, where there are `environment_sessions`. */
function besideKeyed(noun: readonly string[], column: Column, table: Table, nouns: TableNouns): Table | undefined {
  const beside = besideOf(noun, column, table, nouns);
  return beside !== undefined && keyIsCalledId(beside) ? beside : undefined;
}

function likeKeyed(noun: readonly string[], column: Column, table: Table, nouns: TableNouns): Table | undefined {
  const like = ownerOf(nouns.findLike(noun, table), noun, column, table, nouns);
  return like !== undefined && keyIsCalledId(like) ? like : undefined;
}
