// How each answer of each operation is brought about: addresses and bodies made of the document and of the rows that are there.
// Writes are rehearsals, so that nothing changes.
import type { AnyRoute, NamedRelation, OpenApiDocument, Resource, Route, RouteTree } from "../../src/index.js";
import type { Step } from "../../src/routes/tree.js";
import { fieldOf } from "../../src/schema/schema.js";
import type { Schemas } from "../support/json-schema.js";
import type { Call } from "./asked-call.js";
import { keyOf, missingKey, nodeAt, type Place, type Places, type Row } from "./places.js";
import { callsOf, excuseForCall } from "./recipes-of-calls.js";
import { randomOf, sampleOf } from "./sample.js";

// biome-ignore lint/suspicious/noExplicitAny: the document as any reader of JSON sees it
type Json = any;
type Calls = AsyncIterable<Call> | Iterable<Call>;

const TRIES = 40;

export class Recipes {
  constructor(
    private readonly document: OpenApiDocument,
    private readonly schemas: Schemas,
    private readonly places: Places,
  ) {}

  async *callsFor(route: AnyRoute, operation: Json): AsyncIterable<Call> {
    if (route.operation === "batch") return yield* this.batch();
    if (route.operation === "call")
      return yield* callsOf(route, operation, {
        ...{ document: this.document, schemas: this.schemas, places: this.places },
      });
    const there = await this.places.at(route.pattern);
    const [first] = there;
    if (first === undefined) throw new Error(`there is no row for ${route.id}`);
    const wants = (status: number) => operation.responses[status] !== undefined;
    const writes = route.method !== "GET";
    for await (const call of this.recipes[route.operation](route, there, operation))
      yield writes ? rehearsed(call) : call;
    yield {
      path: `${first.address}${operation.parameters === undefined ? "" : "?limit=x"}`,
      wanted: "406",
      headers: { accept: "application/xml" },
    };
    if (wants(404))
      for (const path of this.nowhere(route, first))
        yield rehearsed({ ...this.plain(route, operation), path, wanted: "404" });
    if (wants(413)) yield { path: first.address, body: {}, wanted: "413", narrow: true };
    if (wants(415)) yield { path: first.address, body: "{}", headers: { "content-type": "text/plain" }, wanted: "415" };
  }

  /** A request that would do if its address did. */
  private plain(route: Route, operation: Json): Omit<Call, "path"> {
    if (route.method === "GET" || route.method === "DELETE") return {};
    if (route.operation === "relink") return { body: [] };
    if (route.operation === "writeBytes") return someBytes;
    if (route.operation === "create") return { body: this.fresh(route, operation, 1) };
    if (route.operation === "replace") {
      const of = this.places.resource(route.table);
      return { body: this.without(this.fresh(route, operation, 1), of.primaryKey, of) };
    }
    return { body: {} };
  }

  /** The same address with a row in it that is not there: the first, or the last. */
  private *nowhere({ pattern, steps, operation }: Route, { address }: Place): Iterable<string> {
    const names = pattern.split("/");
    const parts = address.split("/");
    const params = names.flatMap((name, i) => (name.startsWith(":") ? [i] : []));
    const keyed = steps.filter(({ param }) => param !== undefined);
    const query =
      operation === "updateMany" || operation.endsWith("eleteMany") || operation === "unlinkMany"
        ? this.anyRow(steps.at(-1)?.table as string)
        : "";
    for (const [n, i] of params.entries()) {
      const key = missingKey(this.places.resource(keyed[n]?.table as string));
      yield parts.with(i, key).join("/") + query;
    }
  }

  private anyRow(table: string): string {
    const { columns, primaryKey } = this.places.resource(table);
    const key = columns.find(({ name }) => name === primaryKey[0]);
    return `?${encodeURIComponent(key === undefined ? "" : fieldOf(key))}=is:notnull`;
  }

  private readonly recipes: Record<
    Route["operation"],
    (route: Route, there: readonly Place[], operation: Json) => Calls
  > = {
    list: (route, there, operation) => this.list(route, there, operation),
    read: (_, there) => this.read(there),
    create: (route, there, operation) => this.create(route, there, operation),
    replace: (route, there, operation) => this.replace(route, there, operation),
    update: (route, there) => this.update(route, there),
    delete: (_, there) => removals(there),
    restore: (_, there) => restorings(there),
    updateMany: (route, there) => this.updateMany(route, there),
    deleteMany: (route, there) => this.removeMany(route, there),
    unlinkMany: (route, there) => this.removeMany(route, there),
    link: (route, there) => this.link(route, there),
    unlink: (_, there) => this.unlink(there),
    relink: (route, there) => this.relink(route, there),
    readBytes: (_, there) => this.readBytes(there),
    writeBytes: (_, there) => this.writeBytes(there),
    clearBytes: (_, there) => this.clearBytes(there),
  };

  /** Somewhere the column may be NULL: then there is nothing. */
  private async *readBytes(there: readonly Place[]): AsyncIterable<Call> {
    for (const { address: path } of there) {
      yield { path, wanted: "200" };
      yield { path, headers: { range: "bytes=0-0" }, wanted: "206" };
      yield { path, headers: { range: "bytes=99999999-" }, wanted: "416" };
      yield { path, headers: { "if-none-match": "*" }, wanted: "304" };
      yield { path, headers: { accept: "application/xml" }, wanted: "406" };
    }
    yield { path: `${(there[0] as Place).address}?limit=1`, must: 400 };
  }

  /** Tried only: others want bytes there. */
  private async *clearBytes(there: readonly Place[]): AsyncIterable<Call> {
    const path = (there[0] as Place).address;
    yield { path, headers: { prefer: "tx=rollback" }, wanted: "204" };
    yield { path, headers: { "if-match": '"other"' }, must: 412 };
    yield { path: `${path}?limit=1`, must: 400 };
  }

  private async *writeBytes(there: readonly Place[]): AsyncIterable<Call> {
    const path = (there[0] as Place).address;
    yield { path, ...someBytes, wanted: "204" };
    yield { path, ...someBytes, headers: { ...someBytes.headers, "if-match": '"other"' }, must: 412 };
    yield { path, ...someBytes, must: 413, narrow: true };
    yield { path, body: {}, must: 415 };
    yield { path: `${path}?limit=1`, ...someBytes, must: 400 };
  }

  private async *list(route: Route, [first]: readonly Place[], operation: Json): AsyncIterable<Call> {
    const path = (first as Place).address;
    yield { path, must: 200 };
    for (const more of ["envelope=true", "count=exact", "count=estimated&limit=1", "limit=0", "select=count()"])
      yield { path: `${path}?${more}`, must: 200 };
    yield { path, headers: { accept: "text/csv" }, must: 200 };
    yield { path, headers: { range: "items=0-1" }, must: 206 };
    yield { path: `${path}?envelope=true&count=exact`, headers: { range: "items=0-1" }, must: 206 };
    yield { path, headers: { range: "items=1000000-1000001" }, must: 416 };
    yield { path: `${path}?limit=x`, must: 400 };
    const { relations, columns } = this.places.resource(route.table);
    // Beside a column of the same name it would need an alias.
    for (const { name } of relations.filter(({ name }) => !columns.some((column) => fieldOf(column) === name)))
      yield { path: `${path}?select=*,${encodeURIComponent(name)}(*)`, must: 200 };
    // The document's own examples are requests that are understood.
    for (const parameter of this.parametersOf(operation, "query")) {
      const beside = parameter.name === "having" ? "&select=count()" : "";
      for (const example of parameter.schema.examples ?? [])
        yield {
          path: `${path}?${encodeURIComponent(parameter.name)}=${encodeURIComponent(example)}${beside}`,
          must: 200,
        };
    }
    const { rows, next } = await this.places.page(path);
    if (rows > 0 && next !== undefined) yield { path: next, must: 200 };
  }

  private async *read(there: readonly Place[]): AsyncIterable<Call> {
    for (const { address } of there) yield { path: address, must: 200 };
    const path = (there[0] as Place).address;
    yield { path, headers: { "if-none-match": "*" }, must: 304 };
    yield { path: `${path}?limit=1`, must: 400 };
  }

  private async *create(route: Route, there: readonly Place[], operation: Json): AsyncIterable<Call> {
    const path = (there[0] as Place).address;
    const resource = this.places.resource(route.table);
    const keys = [resource.primaryKey, ...resource.uniqueKeys.map(({ columns }) => columns)].filter(
      ({ length }) => length > 0,
    );
    for (let seed = 1; seed < TRIES; seed++) {
      const { address } = there[seed % there.length] as Place;
      yield { path: address, body: this.fresh(route, operation, seed), wanted: "201" };
    }
    for (let seed = 1; seed < 4; seed++) yield { path, body: [this.fresh(route, operation, seed)] };
    const standing = (await this.places.rowsOf(path, route)).map(({ row }) => this.writable(row as Row, resource));
    for (const body of standing) {
      yield { path, body, wanted: "409" };
      for (const columns of keys) {
        const query = `?on-conflict=merge&conflict-columns=${columns.map((name) => encodeURIComponent(nameIn(resource, name))).join(",")}`;
        yield { path: path + query, body, wanted: "200" };
        yield { path: path + query, body, wanted: "204", headers: { prefer: "return=minimal" } };
      }
    }
    for (const body of this.dangling(resource))
      yield { path, body: { ...this.fresh(route, operation, 1), ...body }, wanted: "409" };
    yield { path, body: { nothing_of_the_kind: 1 }, must: 400 };
    yield { path, body: this.misfit(resource), must: 422 };
  }

  private async *replace(route: Route, there: readonly Place[], operation: Json): AsyncIterable<Call> {
    const resource = this.places.resource(route.table);
    const { address: path } = there[0] as Place;
    const frees = await this.free(route);
    for (const { address, row } of there) {
      const body = this.writable(row as Row, resource);
      yield { path: address, body, wanted: "200" };
      yield { path: address, body, wanted: "204", headers: { prefer: "return=minimal" } };
      for (const other of [
        ...this.taken(resource, there, row as Row, true),
        ...this.dangling(resource, resource.primaryKey),
      ])
        yield { path: address, body: { ...body, ...other }, wanted: "409" };
    }
    const lists = await this.listsOf(route);
    for (let seed = 1; seed < TRIES; seed++) {
      const body = this.fresh(route, operation, seed);
      const keyless = this.without(body, resource.primaryKey, resource);
      const { address, said } = lists[seed % lists.length] ?? { address: "", said: {} };
      const keyed =
        route.steps.at(-1)?.param === undefined ? [] : [`${address}/${this.newKey({ ...body, ...said }, resource)}`];
      for (const free of [...keyed, ...frees])
        yield { path: free, body: keyless, wanted: "201", headers: { prefer: "resolution=upsert" } };
    }
    yield { path, body: { nothing_of_the_kind: 1 }, must: 400 };
    yield { path, body: this.misfit(resource), must: 422 };
    yield { path, body: {}, headers: { "if-match": '"another"' }, must: 412 };
  }

  /** Addresses of a to-one relation where there is no row yet. */
  private async free({ pattern, steps }: Route): Promise<string[]> {
    if (steps.at(-1)?.one !== true) return [];
    const name = pattern.split("/").at(-1) as string;
    const before = await this.places.at(pattern.slice(0, -name.length - 1));
    const taken = new Set((await this.places.at(pattern)).map(({ address }) => address));
    const addresses = before.map(({ address }) => `${address}/${encodeURIComponent(name)}`);
    return addresses.filter((address) => !taken.has(address));
  }

  /** The lists that a new row may stand in, and what each says of its columns. */
  private async listsOf({ pattern, steps, table }: Route): Promise<{ address: string; said: Row }[]> {
    const [parent, { join }] = [steps.at(-2), steps.at(-1) as Step];
    const list = pattern.slice(0, pattern.lastIndexOf("/"));
    const segment = list.slice(list.lastIndexOf("/"));
    if (parent === undefined || join?.via !== "child") return [{ address: segment, said: {} }];
    const [above, of] = [this.places.resource(parent.table), this.places.resource(table)];
    return (await this.places.at(list.slice(0, -segment.length))).map(({ address, row }) => ({
      address: address + segment,
      said: Object.fromEntries(
        join.columns.map((name, i) => [nameIn(of, name), row?.[nameIn(above, join.references[i] as string)]]),
      ),
    }));
  }

  /** The key of a new row, a number where the database would give it one. */
  private newKey(body: Row, of: Resource): string {
    const missing = missingKey(of).split(",");
    return of.primaryKey
      .map((name, i) => {
        const value = body[nameIn(of, name)];
        return value === null || value === undefined ? missing[i] : encodeURIComponent(String(value));
      })
      .join(",");
  }

  /** Rows of every table that nothing refers to yet, so that each can be deleted, and has another one beside it. */
  async *newRows(): AsyncIterable<Call> {
    for (const { name, table, root, readOnly } of this.places.tree.resources) {
      if (!root || readOnly) continue;
      const path = `/${encodeURIComponent(name)}`;
      const operation = (this.document.paths[path] as Json).post;
      const route = nodeAt(this.places.tree, path).routes.POST as Route;
      for (let seed = 1; seed < TRIES; seed++) yield { path, body: this.fresh(route, operation, seed), wanted: table };
    }
  }

  private async *update(route: Route, there: readonly Place[]): AsyncIterable<Call> {
    const resource = this.places.resource(route.table);
    const { address: path } = there[0] as Place;
    yield { path, body: {}, must: 200 };
    yield { path, body: {}, must: 204, headers: { prefer: "return=minimal" } };
    for (const { address, row } of there)
      for (const body of [...this.taken(resource, there, row as Row), ...this.dangling(resource)])
        yield { path: address, body, wanted: "409" };
    yield { path, body: { nothing_of_the_kind: 1 }, must: 400 };
    yield { path, body: this.misfit(resource), must: 422 };
    yield { path, body: {}, headers: { "if-match": '"another"' }, must: 412 };
    yield { path, body: {}, headers: { "if-none-match": "*" }, must: 412 };
  }

  private async *updateMany(route: Route, [first]: readonly Place[]): AsyncIterable<Call> {
    const resource = this.places.resource(route.table);
    const list = (first as Place).address;
    const path = list + this.anyRow(route.table);
    yield { path, body: {}, must: 200 };
    yield { path, body: {}, must: 204, headers: { prefer: "return=minimal" } };
    yield { path: list, body: {}, must: 400 };
    yield { path, body: { nothing_of_the_kind: 1 }, must: 400 };
    yield { path, body: this.misfit(resource), must: 422 };
    yield { path, body: {}, headers: { "if-match": "*" }, must: 412 };
    const everywhere = await this.places.rowsOf(`/${encodeURIComponent(resource.name)}`, route);
    const here = await this.places.rowsOf(list, route);
    const named = here.map(({ row }) => this.keyOf(row as Row, resource));
    yield { path: list, body: named, must: 200 };
    yield { path: list, body: [], must: 200 };
    if (named.length > 0) yield { path: list, body: [named[0], named[0]], must: 422 };
    for (const { row } of here)
      for (const body of [...this.taken(resource, everywhere, row as Row), ...this.dangling(resource)])
        yield { path, body, wanted: "409" };
  }

  private async *removeMany(route: Route, there: readonly Place[]): AsyncIterable<Call> {
    const { address } = there[0] as Place;
    const query = this.anyRow(route.table);
    const path = address + query;
    for (const { address } of there) yield { path: address + query };
    for (const list of there.slice(0, 6).map(({ address }) => address)) {
      for (const { row } of await this.places.rowsOf(list, route)) {
        const one = `${list}?${this.only(row as Row, this.places.resource(route.table))}`;
        yield { path: one, wanted: "204" };
        yield { path: one, wanted: "200", headers: { prefer: "return=representation" } };
        yield { path: one, wanted: "409" };
      }
    }
    yield { path: address, must: 400 };
    yield { path, headers: { "if-match": "*" }, must: 412 };
  }

  private keyOf(row: Row, resource: Resource): Row {
    const names = resource.primaryKey.map((name) => nameIn(resource, name));
    return Object.fromEntries(names.map((name) => [name, row[name]])) as Row;
  }

  private only(row: Row, resource: Resource): string {
    const { primaryKey } = resource;
    return primaryKey
      .map(
        (name) =>
          `${encodeURIComponent(nameIn(resource, name))}=eq:${encodeURIComponent(String(row[nameIn(resource, name)]))}`,
      )
      .join("&");
  }

  private async *link(route: Route, there: readonly Place[]): AsyncIterable<Call> {
    const join = linkJoin(route);
    const { columns } = this.places.resource(join.link);
    const further = columns.find(
      ({ name, generated }) => !generated && ![...join.near.columns, ...join.far.columns].includes(name),
    );
    const [{ address: path }] = there as [Place];
    yield { path, body: {}, must: 200 };
    yield { path, body: {}, must: 204, headers: { prefer: "return=minimal" } };
    for (const near of await this.places.at(
      route.steps[0] === undefined ? "" : route.pattern.split("/").slice(0, 3).join("/"),
    )) {
      for (const far of await this.places.rowsOf(
        `/${encodeURIComponent(this.places.resource(route.table).name)}`,
        route,
      ))
        yield {
          path: `${near.address}/${path.split("/").at(-3)}/${far.address.split("/").at(-1)}/add`,
          body: {},
          wanted: "201",
        };
    }
    yield { path, body: { nothing_of_the_kind: 1 }, must: 400 };
    if (further !== undefined) yield { path, body: { [fieldOf(further)]: { a: 1 } }, must: 422 };
  }

  private *unlink([first]: readonly Place[]): Iterable<Call> {
    const path = (first as Place).address;
    yield { path, must: 204 };
    yield { path: `${path}?x=1`, must: 400 };
  }

  private async *relink(route: Route, there: readonly Place[]): AsyncIterable<Call> {
    const resource = this.places.resource(route.table);
    const path = (there[0] as Place).address;
    const rows = (await this.places.rowsOf(path, route)).map(({ row }) => row as Row);
    const ids = rows.map((row) => resource.primaryKey.map((name) => row[nameIn(resource, name)]));
    yield { path, body: ids, must: 200 };
    yield { path, body: ids, must: 204, headers: { prefer: "return=minimal" } };
    yield { path, body: { nothing: 1 }, must: 400 };
    yield { path, body: [missingKey(resource).split(",").map(decodeURIComponent)], must: 422 };
  }

  private async *batch(): AsyncIterable<Call> {
    const path = Object.entries(this.document.paths).find(
      ([, item]) => (item as Json).post?.operationId === "runBatch",
    )?.[0] as string;
    const list = this.places.tree.resources.find(
      ({ root, readOnly, primaryKey }) => root && !readOnly && primaryKey.length > 0,
    ) as Resource;
    const rows = `/${encodeURIComponent(list.name)}`;
    const [one] = (await this.places.rowsOf(rows, { table: list.table })) as [Place];
    const entry = (status: number, entry: object): Call => rehearsed({ path, body: [entry], must: status });
    yield entry(200, { method: "GET", path: rows });
    yield rehearsed({ path, body: [], must: 204, headers: { prefer: "return=minimal" } });
    yield entry(400, { method: "GET" });
    yield entry(404, { method: "GET", path: `${rows}/${missingKey(list)}` });
    yield entry(405, { method: "PUT", path: rows });
    yield entry(406, { method: "GET", path: rows, headers: { accept: "application/xml" } });
    yield entry(409, { method: "POST", path: rows, body: this.writable(one.row as Row, list) });
    yield entry(412, { method: "PATCH", path: one.address, body: {}, headers: { "if-match": '"another"' } });
    yield { path, body: [{}], must: 413, narrow: true };
    yield { path, body: "[]", headers: { "content-type": "text/plain" }, must: 415 };
    yield entry(416, { method: "GET", path: rows, headers: { range: "items=1000000-1000001" } });
    yield entry(422, { method: "PATCH", path: one.address, body: this.misfit(list) });
  }

  /** A new row: what the document's schema takes, with parents that are there. */
  private fresh(route: Route, operation: Json, seed: number): Row {
    const { schema } = operation.requestBody.content["application/json"];
    const of = this.places.resource(route.table);
    const [row] = schema.anyOf?.length === 2 && route.operation === "create" ? schema.anyOf : [schema];
    const body = sampleOf(this.document, this.schemas, randomOf(seed))(row) as Row;
    const relations = new Set(
      of.relations.map(({ name }) => name).filter((name) => !of.columns.some((column) => fieldOf(column) === name)),
    );
    const own = Object.fromEntries(Object.entries(body).filter(([name]) => !relations.has(name)));
    for (const { join, table } of of.relations) {
      if (join.via !== "parent") continue;
      const filled = route.steps.at(-1)?.join;
      for (const [i, column] of join.columns.entries()) {
        const field = nameIn(of, column);
        if (filled?.via === "child" && filled.columns.includes(column)) delete own[field];
        else
          own[field] = this.places.sampleOf(
            table,
            nameIn(this.places.resource(table), join.references[i] as string),
            seed,
          );
      }
    }
    return own;
  }

  /** The row as a body writes it. */
  private writable(row: Row, { columns }: Resource): Row {
    const written = new Set(columns.filter(({ generated }) => !generated).map(fieldOf));
    return Object.fromEntries(Object.entries(row).filter(([name]) => written.has(name)));
  }

  private without(body: Row, names: readonly string[], of: Resource): Row {
    const left = new Set(names.map((name) => nameIn(of, name)));
    return Object.fromEntries(Object.entries(body).filter(([name]) => !left.has(name)));
  }

  /** Changes that give a row another one's key. */
  private taken(of: Resource, there: readonly Place[], row: Row, keepsKey = false): Row[] {
    const keys = [...(keepsKey ? [] : [of.primaryKey]), ...of.uniqueKeys.map(({ columns }) => columns)];
    return keys.flatMap((columns) =>
      there
        .filter((other) => other.row !== undefined && keyOf(other.row, of) !== keyOf(row, of))
        .map((other) => Object.fromEntries(columns.map((name) => [nameIn(of, name), other.row?.[nameIn(of, name)]]))),
    );
  }

  /** Changes that make a foreign key lead nowhere. */
  private dangling(of: Resource, fixed: readonly string[] = []): Row[] {
    return of.relations
      .filter(({ join }) => join.via === "parent" && !join.columns.some((name) => fixed.includes(name)))
      .map(({ join, table }) => {
        const target = this.places.resource(table);
        const key = missingKey(target).split(",").map(decodeURIComponent);
        const { columns, references } = join as Extract<NamedRelation["join"], { via: "parent" }>;
        return Object.fromEntries(
          columns.map((name, i) => [nameIn(of, name), key[target.primaryKey.indexOf(references[i] as string)]]),
        );
      });
  }

  /** A value that its column does not take. */
  private misfit({ columns }: Resource): Row {
    const column = columns.find(({ type, generated }) => type.kind !== "json" && !generated);
    return { [column === undefined ? "" : fieldOf(column)]: { a: [1] } };
  }

  private parametersOf(operation: Json, place: string): Json[] {
    const whole = (part: Json): Json =>
      part.$ref === undefined ? part : (this.document.components as Json).parameters[part.$ref.split("/").at(-1)];
    return (operation.parameters ?? []).map(whole).filter((parameter: Json) => parameter.in === place);
  }
}

const someBytes = { body: Buffer.from("bytes"), headers: { "content-type": "application/octet-stream" } };

const rehearsed = (call: Call): Call => {
  const prefer = [call.headers?.prefer, "tx=rollback"].filter((text) => text !== undefined).join(", ");
  return { ...call, headers: { ...call.headers, prefer } };
};

function* removals(there: readonly Place[]): Iterable<Call> {
  const path = (there[0] as Place).address;
  for (const wanted of ["204", "409"]) for (const { address } of there) yield { path: address, wanted };
  yield { path: `${path}?x=1`, must: 400 };
  yield { path, headers: { "if-match": '"another"' }, must: 412 };
}

function* restorings([first]: readonly Place[]): Iterable<Call> {
  const path = (first as Place).address;
  yield { path, wanted: "200" };
  yield { path, headers: { prefer: "return=minimal" }, wanted: "204" };
  yield { path, body: { x: 1 }, must: 400 };
  yield { path, headers: { "if-match": '"another"' }, must: 412 };
}

const nameIn = ({ columns }: Resource, name: string): string =>
  fieldOf(columns.find((one) => one.name === name) as never);

type LinkJoin = Extract<NamedRelation["join"], { via: "link" }>;
const linkJoin = ({ steps }: Route): LinkJoin => steps.at(-1)?.join as LinkJoin;

/** Why an answer that is documented is not brought about here. */
export function excuseFor(route: AnyRoute, status: number, tree: RouteTree): string | undefined {
  if (status === 500) return "a defect: hooks bring it about in test/hooks";
  if (status === 503) return "the database is away: test/server and test/adapters end it";
  if (status === 504) return "a statement that takes too long";
  if (status === 403) return "a trigger or a read-only database refuses: test/shapes/triggers.test.ts";
  if (route.operation === "call") return excuseForCall(route, status);
  if ((route.operation === "writeBytes" || route.operation === "clearBytes") && [409, 422].includes(status))
    return "a key, a length or a CHECK of the column: test/api/bytes.test.ts";
  if (status !== 409 || route.operation === "batch") return undefined;
  const of = tree.resources.find(({ table }) => table === route.table) as Resource;
  const meets = "only two writes that meet:";
  if (["link", "relink", "unlinkMany"].includes(route.operation)) return `${meets} links that stand are stepped over`;
  if (route.operation.startsWith("delete")) {
    if (cascading.has(of.table)) return `${meets} what refers to its rows goes with them (ON DELETE CASCADE)`;
    const referred = of.relations.some(({ join }) => (join.via === "child" && join.enforced) || join.via === "link");
    return referred ? undefined : `${meets} nothing refers to the table`;
  }
  const keys = of.uniqueKeys.length + (route.operation === "replace" ? 0 : of.primaryKey.length);
  const fixed = route.operation === "replace" ? of.primaryKey : [];
  const leads = of.decisions.some(
    (one) => one.type === "one-n" && one.parent.enforced && !one.parent.columns.every((name) => fixed.includes(name)),
  );
  return leads || keys > 0 ? undefined : `${meets} no other key, and no foreign key`;
}

const cascading: ReadonlySet<string> = new Set(["members", "meetups"]);
