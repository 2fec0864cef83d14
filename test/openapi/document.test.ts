// The document of a schema by hand: names, and what columns, keys and comments become.
import { expect, test } from "vitest";
import { buildRouteTree, type OpenApiOptions, type Schema, toOpenApi } from "../../src/index.js";
import { largeSchema } from "../support/large-schema.js";
import { column, schemaOf } from "../support/literal-schema.js";

// biome-ignore lint/suspicious/noExplicitAny: the document as any reader of JSON sees it
const documentOf = (schema: Schema, options: OpenApiOptions = {}): any => toOpenApi(buildRouteTree(schema), options);

function operationIds(tables: Parameters<typeof schemaOf>[0]): Record<string, string> {
  const paths = Object.entries(documentOf(schemaOf(tables)).paths) as [
    string,
    Record<string, { operationId: string }>,
  ][];
  return Object.fromEntries(
    paths.flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { operationId }]) =>
        operationId === undefined ? [] : [[operationId, `${method.toUpperCase()} ${path}`]],
      ),
    ),
  );
}

test("operations are called as functions are", () => {
  const ids = operationIds({
    artists: "id name",
    albums: "id title artist_id > artists",
    playlists: "id",
    playlists_albums: { columns: "playlist_id > playlists album_id > albums", key: "playlist_id album_id" },
    passports: { columns: "id artist_id > artists", unique: ["artist_id"] },
  });
  expect(ids).toMatchObject({
    listAlbums: "GET /albums",
    createAlbum: "POST /albums",
    updateAlbums: "PATCH /albums",
    deleteAlbums: "DELETE /albums",
    getAlbum: "GET /albums/{id}",
    replaceAlbum: "PUT /albums/{id}",
    updateAlbum: "PATCH /albums/{id}",
    deleteAlbum: "DELETE /albums/{id}",
    listArtistAlbums: "GET /artists/{id}/albums",
    createArtistAlbum: "POST /artists/{id}/albums",
    getArtistAlbum: "GET /artists/{id}/albums/{albumId}",
    getAlbumArtist: "GET /albums/{id}/artist",
    addPlaylistAlbum: "POST /playlists/{id}/albums/{albumId}/add",
    removePlaylistAlbum: "POST /playlists/{id}/albums/{albumId}/delete",
    setPlaylistAlbums: "PUT /playlists/{id}/albums",
    removePlaylistAlbums: "DELETE /playlists/{id}/albums",
    getArtistPassport: "GET /artists/{id}/passports/{passportId}",
    getArtistPassport2: "GET /artists/{id}/passport",
    runBatch: "POST /batch",
  });
});

test("operations whose names would be the same are told apart, in words where there are some", () => {
  const ids = operationIds({ news: "id", größen: "id", grossen: "id", 日本: "id", "2024": "id" });
  expect(ids).toMatchObject({
    updateNews: "PATCH /news/{id}",
    updateManyNews: "PATCH /news",
    deleteManyNews: "DELETE /news",
  });
  for (const id of Object.keys(ids)) expect(id).toMatch(/^[a-z][A-Za-z0-9]*$/);
  expect(operationIds({ news: "id", größen: "id", grossen: "id", 日本: "id", "2024": "id" })).toEqual(ids);
});

const shop: Schema = {
  tables: [
    {
      ...(schemaOf({ items: "id" }).tables[0] as Schema["tables"][number]),
      comment: "What is for sale.",
      columns: [
        column("id", "integer", { identity: true }),
        column("name", "text", { type: { kind: "text", native: "varchar(40)", length: 40 }, comment: "On the label." }),
        column("state", "enum", {
          type: { kind: "enum", native: "state", values: ["new", "old"] },
          default: "'new'::state",
        }),
        column("stock", "integer", { default: "0" }),
        column("since", "date", { default: "CURRENT_DATE" }),
        column("seen_at", "datetime", {
          nullable: true,
          default: "'2024-01-01 12:00:00'::timestamp without time zone",
        }),
        column("price", "decimal", { nullable: true, default: "1.50" }),
        column("rank", "enum", { type: { kind: "enum", native: "rank", values: ["a"] }, nullable: true }),
        column("total", "decimal", { generated: true, nullable: true }),
        column("picture", "binary", { nullable: true }),
        column("limit", "integer", { nullable: true }),
      ],
    },
  ],
};

test("columns become properties: null, default, enum, length, format, what is computed, and comments", () => {
  const { components, tags } = documentOf(shop);
  const { ItemSelection, ItemFields, ItemCreate, ItemReplace, ItemChanges, Item } = components.schemas;
  expect(tags).toContainEqual({ name: "items", description: "What is for sale. A row is an item." });
  expect(ItemSelection.description).toMatch(/^What is for sale\. /);
  expect(ItemSelection.properties).toMatchObject({
    id: { type: "integer", format: "int64" },
    name: { type: "string", maxLength: 40, description: "On the label." },
    state: { type: "string", enum: ["new", "old"] },
    since: { type: "string", format: "date" },
    seen_at: { type: ["string", "null"], format: "date-time-local" },
    price: { type: ["number", "null"] },
    rank: { type: ["string", "null"], enum: ["a", null] },
    total: { type: ["number", "null"], readOnly: true },
    picture: { type: ["string", "null"], contentEncoding: "base64" },
  });
  expect(ItemFields.properties).toMatchObject({
    name: { maxLength: 40, description: "On the label." },
    state: { default: "new" },
    stock: { default: 0 },
    since: { description: "Left out, the database computes it: `CURRENT_DATE`." },
    seen_at: { default: "2024-01-01T12:00:00" },
    price: { default: 1.5 },
    rank: { enum: ["a", null] },
  });
  expect(ItemFields.properties).not.toHaveProperty("total");
  expect(ItemChanges.properties).not.toHaveProperty("total");
  expect(ItemChanges.properties.stock.$ref).toBe("#/components/schemas/NumberOrIncrement");
  expect(components.schemas.NumberOrIncrement.anyOf).toHaveLength(2);
  expect(ItemChanges.properties.name).not.toHaveProperty("default");
  expect(ItemFields.required).toEqual(["name"]);
  for (const whole of [ItemCreate, ItemReplace])
    expect(whole.allOf).toContainEqual({ $ref: "#/components/schemas/ItemFields" });
  expect(Item.required).toHaveLength(11);
});

test("each filterable column is a parameter, but for one that is called as a parameter is", () => {
  const { paths, components } = documentOf(shop);
  const refs: { $ref: string }[] = paths["/items"].get.parameters;
  const names: string[] = refs.map(({ $ref }) => components.parameters[$ref.split("/").at(-1) ?? ""].name);
  expect(names.filter((name) => name === "limit")).toHaveLength(1);
  expect(names).toEqual(
    expect.arrayContaining(["name", "state", "order-by", "select", "and", "or", "having", "offset", "after", "Range"]),
  );
  expect(components.parameters.and.description).toContain("filtered in here alone");
  expect(documentOf(shop, { whole: true }).components.parameters["Item.query.and"].description).toContain(
    "The columns limit are filtered in here alone.",
  );
  expect(components.parameters.state.schema.examples).toEqual(["in:new,old"]);
});

test("names of any script make valid components, the same wherever the table stands, and no two are one", () => {
  const tables = {
    "таблица людей": "id имя",
    日本: "id 名",
    "🚀": "id",
    "a.b/c d": "id",
    größen: "id",
    grossen: "id",
    設定_1: "id",
    日本_1: "id",
  };
  const named = (words: Parameters<typeof schemaOf>[0]) => documentOf(schemaOf(words)).components;
  const components = named(tables);
  const names = Object.values(components as Record<string, object>).flatMap(Object.keys);
  for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9._-]+$/);
  const rows = ({ schemas }: { schemas: Record<string, { required?: string[] }> }) =>
    Object.keys(schemas).filter((name) => name.endsWith("Selection"));
  expect(rows(components)).toHaveLength(8);
  // A sign alone is no word.
  expect(rows(components).filter((name) => /^Table\d*Selection$/.test(name))).toEqual(["TableSelection"]);
  const turned = Object.fromEntries(
    Object.entries(tables)
      .filter(([name]) => !name.includes("ross"))
      .reverse(),
  );
  for (const name of rows(named(turned))) expect(rows(components)).toContain(name);
});

test("components are called so that each can be a file: no two differ in capitals alone, and none is a word of every object", () => {
  for (const whole of [false, true]) {
    const { components } = documentOf(
      schemaOf({
        ab: "id constructor valueOf Range",
        a_b: "id Ab prefer",
        names: "id name artist artist_id > artists idempotency-key column-filters",
        artists: "id envelope NAME ID:text",
      }),
      { whole, keyed: true },
    );
    const names = [...Object.keys(components.schemas), ...Object.keys(components.parameters)];
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(names.filter((name) => name in {})).toEqual([]);
    expect(components.parameters).toMatchObject({ artist_1: { name: "artist" }, Range: { in: "header" } });
    expect(components.parameters.envelope_1.schema).toMatchObject({ type: "boolean" });
  }
});

test("descriptions say what a row belongs to and has", () => {
  const { tags, components } = documentOf(
    schemaOf({
      artists: "id",
      albums: "id artist_id > artists editor_id > artists",
      tracks: "id album_id > albums",
      playlists: "id",
      playlists_albums: { columns: "playlist_id > playlists album_id > albums", key: "playlist_id album_id" },
    }),
  );
  const about = "An album belongs to an artist and an artist (`editor`), has `tracks` and is linked with `playlists`.";
  expect(tags).toContainEqual({ name: "albums", description: about });
  expect(components.schemas.AlbumFlat.description).toBe(about);
});

test("rows related to a row have their form, and those related to these may have any: no schema leads to itself", () => {
  const { components } = documentOf(schemaOf({ artists: "id name", albums: "id title artist_id > artists" }));
  const { AlbumSelection, ArtistFlat, AlbumCreate, AlbumRelated, ArtistWithin, ArtistFlatCreate } = components.schemas;
  expect(AlbumSelection.properties.artist.anyOf[0]).toEqual({ $ref: "#/components/schemas/ArtistFlat" });
  // Prism makes a sample of any form of it, which would not be a list in the row itself.
  expect(ArtistFlat.properties).not.toHaveProperty("albums");
  expect(AlbumCreate.allOf).toContainEqual({ $ref: "#/components/schemas/AlbumRelated" });
  expect(AlbumRelated.properties.artist).toEqual({ $ref: "#/components/schemas/ArtistWithin" });
  expect(ArtistWithin.anyOf[0]).toEqual({ $ref: "#/components/schemas/ArtistFlatCreate" });
  expect(ArtistFlatCreate.properties).toEqual({ albums: {} });
  const leadsTo = (name: string, seen: readonly string[] = []): void => {
    expect(seen).not.toContain(name);
    for (const [, next] of JSON.stringify(components.schemas[name]).matchAll(/schemas\/(\w+)/g))
      leadsTo(next as string, [...seen, name]);
  };
  for (const name of Object.keys(components.schemas)) leadsTo(name);
});

test("each list says what its items are, one of a key's parts too (Spectral's `array-items`)", () => {
  const tables = {
    orders: "id",
    lines: { columns: "order_id > orders number:integer", key: "order_id number" },
    tags: "id",
    lines_tags: {
      columns: "order_id number:integer tag_id > tags",
      key: "order_id number tag_id",
    },
    tags_orders: { columns: "tag_id > tags order_id > orders", key: "tag_id order_id" },
  };
  const lists: Record<string, unknown>[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ([(value as { type?: unknown }).type].flat().includes("array")) lists.push(value as Record<string, unknown>);
    for (const part of Object.values(value)) look(part);
  };
  look(documentOf(schemaOf(tables)));
  const documents = { ...shop.tables[0], columns: [column("id", "integer"), column("any", "json")] };
  look(documentOf({ tables: [documents as Schema["tables"][number]] }));
  expect(lists.some(({ type }) => Array.isArray(type))).toBe(true);
  expect(lists.filter((list) => "prefixItems" in list).length).toBeGreaterThan(1);
  expect(lists.filter(({ items }) => typeof items !== "object")).toEqual([]);
});

test("in its light form a table more costs little", () => {
  const tables = Array.from({ length: 60 }, (_, i) => [
    `table_${i + 10}s`,
    `id name a_id > table_${((i * 7) % 60) + 10}s`,
  ]);
  const sizes = [false, true].map(
    (whole) => JSON.stringify(documentOf(schemaOf(Object.fromEntries(tables)), { whole })).length,
  );
  expect((sizes[0] as number) / (sizes[1] as number)).toBeLessThan(0.65);
});

test("bigNumbers: string", () => {
  const { components } = documentOf(shop, { bigNumbers: "string" });
  expect(components.schemas.ItemSelection.properties.price.type).toEqual(["string", "null"]);
});

test("security only where there are schemes", () => {
  const whole = true;
  const open = documentOf(shop, { whole });
  expect([open.security, open.components.securitySchemes]).toEqual([[], undefined]);
  expect(open.paths["/items"].get.responses).not.toHaveProperty("401");
  const bearer = { type: "http", scheme: "bearer" };
  const closed = documentOf(shop, { securitySchemes: { bearer }, whole });
  expect(closed.security).toEqual([{ bearer: [] }]);
  expect(closed.components.securitySchemes).toEqual({ bearer });
  for (const status of ["401", "403"]) {
    expect(closed.paths["/items"].get.responses[status].$ref).toBe(`#/components/responses/Problem${status}`);
    expect(closed.paths["/batch"].post.responses).toHaveProperty(status);
  }
  expect(documentOf(shop, { securitySchemes: { bearer }, anonymous: true }).security).toEqual([{}, { bearer: [] }]);
});

test("the limits are those of the API, and a wrong one is refused", () => {
  const { components } = documentOf(shop, { defaultLimit: 7, maxLimit: 9 });
  expect(components.parameters.limit.schema.default).toBe(7);
  expect(components.parameters.limit.description).toContain("more than 9");
  expect(() => documentOf(shop, { maxLimit: 0 })).toThrow("options.maxLimit");
});

const manyTables = (count: number) => {
  const tables = Array.from({ length: count }, (_, i) => [
    `table_${i + 1000}s`,
    `id name a_id > table_${((i * 7 + 1) % count) + 1000}s b_id > table_${((i * 3 + 2) % count) + 1000}s`,
  ]);
  return schemaOf(Object.fromEntries(tables));
};

test.each([
  ["small", [20, 40, 60]],
  ["large", [100, 120, 140]],
])("in a %s document a table more costs as much as the one before", (_, counts) => {
  const [few, more, many] = counts.map((count) => JSON.stringify(documentOf(manyTables(count))).length) as [
    number,
    number,
    number,
  ];
  expect((many - more) / (more - few)).toBeLessThan(1.05);
});

test("a large document has every operation; those below a row are said in their plain form", () => {
  const schema = manyTables(100);
  const [light, whole] = [documentOf(schema), documentOf(schema, { whole: true })];
  const ids = ({ paths }: typeof light) =>
    Object.entries(paths as Record<string, Record<string, { operationId?: string }>>).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { operationId }]) =>
        operationId === undefined ? [] : [`${operationId} ${method} ${path}`],
      ),
    );
  expect(ids(light)).toEqual(ids(whole));
  const { paths, components } = light;
  for (const [, kind, name] of JSON.stringify(light).matchAll(/#\/components\/(\w+)\/([^"]+)/g))
    expect(components[kind as string]).toHaveProperty([name as string]);
  const named = (refs: { $ref: string }[]) => refs.map(({ $ref }) => $ref.split("/").at(-1));
  const below = paths["/table_1008s/{id}/table_1001s"];
  expect(below).toMatchObject({ description: "As at /table_1001s.", get: { summary: "List table_1001s" } });
  expect(below.get).not.toHaveProperty("description");
  expect(named(below.get.parameters)).toEqual(["column-filters", "select", "order-by", "limit", "offset"]);
  expect(Object.keys(below.get.responses)).toEqual(["200", "4XX"]);
  expect(Object.keys(below.post.responses)).toEqual(["201", "4XX"]);
  expect(Object.keys(below.delete.responses)).toEqual(["204", "4XX"]);
  expect(named(paths["/table_1001s"].get.parameters)).toEqual(expect.arrayContaining(["name", "and", "Range"]));
  expect(JSON.stringify(light).length / JSON.stringify(whole).length).toBeLessThan(0.5);
});

test("a large document has one body of new rows for each table, whatever row it is below", () => {
  const { components } = documentOf(largeSchema(100));
  const called = (kind: string, start: string) =>
    Object.keys(components[kind]).filter((name) => name.startsWith(start));
  expect(called("schemas", "Things99Create").sort()).toEqual(["Things99Create", "Things99CreateBelow"]);
  expect(called("schemas", "Things99Within")).toHaveLength(1);
  expect(called("requestBodies", "Things99.replace")).toHaveLength(2);
  const { Things99Create, Things99CreateBelow, Either_hub_0_id } = components.schemas;
  const parents = [0, 1, 2].map((hub) => ({ $ref: `#/components/schemas/Either_hub_${hub}_id` }));
  expect(Things99Create.allOf).toEqual(expect.arrayContaining(parents));
  for (const parent of parents) expect(Things99CreateBelow.allOf).not.toContainEqual(parent);
  expect(Either_hub_0_id.anyOf.map(({ required }: { required: string[] }) => required)).toEqual([
    ["hub_0_id"],
    ["hub_0"],
  ]);
});

test("whom to ask is said where it is known, and every operation is described", () => {
  const contact = { name: "Clubs", email: "clubs@example.org" };
  const { info, paths } = documentOf(shop, { contact });
  expect(info.contact).toEqual(contact);
  for (const item of Object.values(paths as Record<string, Record<string, { description?: string }>>))
    for (const [key, { description }] of Object.entries(item))
      if (key !== "parameters") expect(description).toMatch(/\.$/);
});
