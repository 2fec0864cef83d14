// A view's rewrite rule → what it says of columns and tables. pg_rewrite keeps the query as the parser understood it: each column's
// table is resolved there, whatever it is called (https://www.postgresql.org/docs/current/catalog-pg-rewrite.html).
import type { Writing } from "../../schema/warnings.js";
import { type CatalogueRow, type CatalogueView, placeOf } from "../catalogue.js";
import type { Ask } from "../connection.js";
import type { SpokenColumn, SpokenEquality, SpokenItem, SpokenSource, SpokenView } from "../views/spoken.js";
import { isNode, listIn, type NodeValue, parseNodeTree, type TreeNode } from "./node-tree.js";

export async function readViews(ask: Ask, where: string): Promise<CatalogueView[]> {
  const views = await ask(viewsSql(where));
  const names = ruleNames(await ask(sourcesSql(where)), await ask(equalitySql));
  return views.map((row) => {
    const spoken = spokenRule(String(row.rule), Number(row.checked) === 1, names);
    const kept = row.kind === "m";
    return { ...placeOf(row), ...(spoken && { spoken }), kept, passes: kept ? [] : passesOf(Number(row.writes)) };
  });
}

/** What tells whether any of it has changed. */
export const viewQuestions = (where: string): string[] => [viewsSql(where, false), sourcesSql(where)];

/** Bits of pg_relation_is_updatable. */
const bits = { insert: 8, update: 4, delete: 16 } as const;
const passesOf = (writes: number): Writing[] =>
  (["insert", "update", "delete"] as const).filter((event) => (writes & bits[event]) !== 0);

/** `whole`: with the rule itself, or with a word that changes with it. */
const viewsSql = (where: string, whole = true): string => `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", c.relkind::text AS kind, ${whole ? "r.ev_action::text" : "md5(r.ev_action::text)"} AS rule,
    coalesce((SELECT bool_or(o LIKE 'check_option=%') FROM unnest(c.reloptions) o), false)::int AS checked,
    pg_catalog.pg_relation_is_updatable(c.oid, true) AS writes
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.ev_type = '1'
  WHERE c.relkind IN ('v', 'm') AND ${where}
  ORDER BY n.nspname, c.relname`;

/** The names behind the numbers: of each table that a view takes rows from. */
const sourcesSql = (where: string): string => `
  SELECT DISTINCT t.oid::text AS id, tn.nspname::text AS "schema", t.relname::text AS "table", a.attnum::int AS number, a.attname::text AS "column"
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.ev_type = '1'
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> c.oid
  JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('v', 'm') AND ${where}
  ORDER BY 1, 4`;

/** What `=` is called, of each type that can be sorted: an operator of this name alone may mean anything. */
const equalitySql = `
  SELECT DISTINCT o.amopopr::text AS id FROM pg_catalog.pg_amop o JOIN pg_catalog.pg_am m ON m.oid = o.amopmethod
  WHERE m.amname = 'btree' AND o.amopstrategy = 3 ORDER BY 1`;

interface RuleNames {
  /** By the table's number. */
  readonly tables: ReadonlyMap<string, { readonly schema: string; readonly table: string }>;
  /** By the table's and the column's. */
  readonly columns: ReadonlyMap<string, string>;
  readonly equalities: ReadonlySet<string>;
}

const ruleNames = (sources: readonly CatalogueRow[], equalities: readonly CatalogueRow[]): RuleNames => ({
  tables: new Map(
    sources.map(({ id, schema, table }) => [String(id), { schema: String(schema), table: String(table) }]),
  ),
  columns: new Map(sources.map(({ id, number, column }) => [`${id}.${number}`, String(column)])),
  equalities: new Set(equalities.map(({ id }) => String(id))),
});

function spokenRule(rule: string, checked: boolean, names: RuleNames): SpokenView | undefined {
  const query = listIn(parseNodeTree(rule))[0];
  return isNode(query) ? new RuleReader(query, names).view(checked) : undefined;
}

/** JoinType in nodes.h. */
const joins: Readonly<Record<string, "inner" | "left" | "full" | "right">> = {
  0: "inner",
  1: "left",
  2: "full",
  3: "right",
};

class RuleReader {
  readonly #range: readonly TreeNode[];
  readonly #sources = new Map<string, SpokenSource>();
  readonly #equalities: SpokenEquality[] = [];
  /** Something else than tables stands in FROM, or a row becomes many. */
  #isOpaque: boolean;

  constructor(
    readonly query: TreeNode,
    readonly names: RuleNames,
  ) {
    this.#range = listIn(query.fields.rtable).filter(isNode);
    this.#isOpaque = query.fields.hasTargetSRFs === "true";
  }

  view(checked: boolean): SpokenView | undefined {
    const { fields } = this.query;
    const says = (name: string) => fields[name] !== undefined && fields[name] !== "<>";
    const tree = fields.jointree;
    if (says("setOperations") || !isNode(tree)) return undefined;
    for (const part of listIn(tree.fields.fromlist)) this.#join(part);
    this.#equals(tree.fields.quals);
    const targets = listIn(fields.targetList)
      .filter(isNode)
      .filter((target) => target.fields.resjunk !== "true");
    const cuts = says("havingQual") || says("limitCount") || says("limitOffset");
    const grouped = says("groupClause") || says("groupingSets");
    const distinct = says("distinctClause");
    const items = targets.map((target) => this.#item(target));
    return {
      items,
      sources: [...this.#sources.values()],
      equalities: this.#equalities,
      ...(grouped && { groups: says("groupingSets") ? "other" : this.#groups() }),
      filtered: says("quals") || isNode(tree.fields.quals) || cuts || distinct || this.#sources.size > 1,
      reshaped: cuts || grouped || distinct || fields.hasAggs === "true",
      checked,
      opaque: this.#isOpaque,
    };
  }

  /** Behind a subquery it is the parser's own word for where a column comes from. */
  #item({ fields }: TreeNode): SpokenItem {
    const { expr, resorigtbl: id, resorigcol: number } = fields;
    const found = isNode(expr) && expr.tag === "VAR" ? this.#column(expr) : undefined;
    if (found !== undefined) return found;
    const [named, column] = [this.names.tables.get(String(id)), this.names.columns.get(`${id}.${number}`)];
    if (named === undefined || column === undefined) return undefined;
    const of = `behind ${id}`;
    this.#sources.set(of, { alias: of, ...named, optional: true });
    this.#isOpaque = true;
    return { of, column };
  }

  /** The places of the tables that it joins. */
  #join(part: NodeValue | undefined): string[] {
    if (!isNode(part)) return [];
    if (part.tag === "RANGETBLREF") return [this.#source(String(part.fields.rtindex))];
    const kind = part.tag === "JOINEXPR" ? joins[String(part.fields.jointype)] : undefined;
    if (kind === undefined) {
      this.#isOpaque = true;
      return [];
    }
    const left = this.#join(part.fields.larg);
    const right = this.#join(part.fields.rarg);
    if (kind === "left" || kind === "full") this.#makeOptional(right);
    if (kind === "right" || kind === "full") this.#makeOptional(left);
    if (kind === "inner") this.#equals(part.fields.quals);
    const order = [...this.#sources.keys()];
    if (kind === "left")
      this.#equals(
        part.fields.quals,
        right.map((place) => order.indexOf(place)),
      );
    return [...left, ...right];
  }

  #source(place: string): string {
    const entry = this.#range[Number(place) - 1]?.fields;
    const named = entry?.rtekind === "0" ? this.names.tables.get(String(entry.relid)) : undefined;
    if (named === undefined || isNode(entry?.tablesample)) this.#isOpaque = true;
    else this.#sources.set(place, { alias: place, ...named, optional: false });
    return place;
  }

  #makeOptional(places: readonly string[]): void {
    for (const place of places) {
      const source = this.#sources.get(place);
      if (source !== undefined) this.#sources.set(place, { ...source, optional: true });
    }
  }

  #equals(condition: NodeValue | undefined, tells?: readonly number[]): void {
    if (!isNode(condition)) return;
    const { tag, fields } = condition;
    const args = listIn(fields.args);
    if (tag === "BOOLEXPR" && fields.boolop === "and") for (const arg of args) this.#equals(arg, tells);
    if (tag !== "OPEXPR" || !this.names.equalities.has(String(fields.opno))) return;
    const [one, other] = args.map((arg) => this.#column(arg));
    if (one !== undefined && other !== undefined) this.#equalities.push({ one, other, ...(tells && { tells }) });
  }

  /** A column, also behind a join's or a group's own name for it, and as another type of the same form (varchar as text). */
  #column(expression: NodeValue | undefined): SpokenColumn | undefined {
    if (!isNode(expression)) return undefined;
    const { tag, fields } = expression;
    if (tag === "RELABELTYPE" && fields.relabelformat !== "1") return this.#column(fields.arg);
    if (tag !== "VAR" || fields.varlevelsup !== "0") return undefined;
    const number = Number(fields.varattno);
    const entry = this.#range[Number(fields.varno) - 1]?.fields;
    if (entry === undefined || number <= 0) return undefined;
    const behind = entry.rtekind === "2" ? entry.joinaliasvars : entry.rtekind === "9" ? entry.groupexprs : undefined;
    if (behind !== undefined) return this.#column(listIn(behind)[number - 1]);
    const column = this.names.columns.get(`${String(entry.relid)}.${number}`);
    return column === undefined ? undefined : { of: String(fields.varno), column };
  }

  #groups(): readonly SpokenColumn[] | "other" {
    const targets = listIn(this.query.fields.targetList).filter(isNode);
    const columns = listIn(this.query.fields.groupClause).map((clause) => {
      const place = isNode(clause) ? clause.fields.tleSortGroupRef : undefined;
      return this.#column(targets.find(({ fields }) => fields.ressortgroupref === place)?.fields.expr);
    });
    return columns.some((column) => column === undefined) ? "other" : (columns as readonly SpokenColumn[]);
  }
}
