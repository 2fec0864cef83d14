// Bodies that hold related rows: parents first, children and links after, all or nothing.
import { expect } from "vitest";
import { type Case, changes, enc, refuses } from "../case.js";
import type { Subject } from "../subject.js";

const rows = async (api: Subject, path: string) => (await api.ask(`GET ${path}`)).json;

const parents = [
  changes(
    "POST /venues with a new country",
    { name: "Fabrik", capacity: 80, country: { name: "Germany", code: "DE" } },
    async ({ status, json, headers }, api) => {
      expect(status).toBe(201);
      expect(json).toMatchObject({ name: "Fabrik", country: { name: "Germany", code: "DE" } });
      expect(json.country_id).toBe(json.country.id);
      expect(headers.location).toBe(`${api.prefix}/venues/${json.id}`);
      expect(await rows(api, `/venues/${json.id}/country`)).toEqual(json.country);
    },
  ),
  changes(
    "POST /venues with a country that is there",
    { name: "Hut", country: { id: 2 } },
    async ({ status, json }) => {
      expect(status).toBe(201);
      expect(json).toMatchObject({ country_id: 2, country: { id: 2, name: "Finland", code: "FI" } });
    },
  ),
  changes(
    "POST /venues with a country that changes",
    { name: "Hut", country: { id: 2, name: "Suomi" } },
    async ({ json }, api) => {
      expect(json.country).toEqual({ id: 2, name: "Suomi", code: "FI" });
      expect(await rows(api, "/countries/2")).toEqual({ id: 2, name: "Suomi", code: "FI" });
    },
  ),
  changes(
    "POST /members without a country",
    { name: "Nia", email: "nia@example.org", country: null },
    ({ status, json }) => {
      expect(status).toBe(201);
      expect(json).toMatchObject({ country_id: null, country: null });
    },
  ),
  changes(
    "POST /flights with two new airports",
    {
      number: "SK9",
      origin: { code: "BGO", name: "Bergen" },
      destination: { code: "TRD", name: "Trondheim" },
    },
    async ({ status, json }, api) => {
      expect(status).toBe(201);
      expect(json).toMatchObject({ number: "SK9", origin_id: "BGO", destination_id: "TRD" });
      expect(await rows(api, "/airports/BGO/origin_flights")).toMatchObject([{ number: "SK9" }]);
    },
  ),
  changes(
    "PATCH /venues/1 with a new country",
    { country: { name: "Germany", code: "DE" } },
    async ({ status, json }, api) => {
      expect(status).toBe(200);
      expect(json).toMatchObject({ id: 1, name: "Harbour Hall", country: { code: "DE" } });
      expect((await rows(api, "/venues/1")).country_id).toBe(json.country.id);
    },
  ),
  changes("PUT /venues/1 with a country that is there", { name: "Hall", country: { id: 3 } }, ({ status, json }) => {
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: 1, name: "Hall", capacity: null, country_id: 3, country: { code: "CI" } });
  }),
];

const children = [
  changes(
    "POST /countries with venues and their meetups",
    {
      name: "Germany",
      code: "DE",
      venues: [
        {
          name: "Fabrik",
          meetups: [
            { title: "Beat", group_id: 1 },
            { title: "Blues", group_id: 2, seats: 5 },
          ],
        },
        { name: "Ufer", capacity: 9 },
      ],
    },
    async ({ status, json, headers }, api) => {
      expect(status, JSON.stringify(json)).toBe(201);
      expect(json.venues).toMatchObject([
        {
          name: "Fabrik",
          country_id: json.id,
          capacity: null,
          meetups: [
            { title: "Beat", seats: 20 },
            { title: "Blues", seats: 5 },
          ],
        },
        { name: "Ufer", country_id: json.id, capacity: 9 },
      ]);
      expect(headers.etag).toMatch(/^"/);
      const stored = await rows(api, `/countries/${json.id}?select=${enc("name,venues(name,meetups(title))")}`);
      expect(stored).toEqual({
        name: "Germany",
        venues: [
          { name: "Fabrik", meetups: [{ title: "Beat" }, { title: "Blues" }] },
          { name: "Ufer", meetups: [] },
        ],
      });
    },
  ),
  changes(
    "PATCH /countries/1 with venues that are there, change, come and move",
    { name: "Norge", venues: [{ id: 1 }, { id: 2, name: "Loftet" }, { name: "Ny" }, { id: 4 }] },
    async ({ status, json }, api) => {
      expect(status, JSON.stringify(json)).toBe(200);
      expect(json.name).toBe("Norge");
      expect(json.venues.map(({ name }: { name: string }) => name)).toEqual([
        "Harbour Hall",
        "Loftet",
        "Ny",
        "Café 100%",
      ]);
      const stored: { id: number; name: string }[] = await rows(api, "/countries/1/venues");
      expect(stored.map(({ name }) => name)).toEqual(["Harbour Hall", "Loftet", "Café 100%", "Ny"]);
      expect(await rows(api, "/countries/3/venues")).toEqual([]);
    },
  ),
  changes(
    "POST /stocks with moves by a composite key",
    {
      warehouse: "east",
      sku: "bolt",
      quantity: 4,
      stock_moves: [{ delta: 5 }, { delta: -1 }],
    },
    async ({ status, json }, api) => {
      expect(status, JSON.stringify(json)).toBe(201);
      expect(json.stock_moves).toMatchObject([
        { warehouse: "east", sku: "bolt", delta: 5 },
        { warehouse: "east", sku: "bolt", delta: -1 },
      ]);
      expect((await rows(api, "/stocks/east,bolt/stock_moves")).length).toBe(2);
    },
  ),
  changes(
    "POST /employees with employees of their own",
    {
      name: "Boss",
      employees: [{ name: "A", employees: [{ name: "B" }] }],
    },
    async ({ status, json }) => {
      expect(status, JSON.stringify(json)).toBe(201);
      expect(json.employees[0]).toMatchObject({ name: "A", manager_id: json.id });
      expect(json.employees[0].employees[0]).toMatchObject({ name: "B", manager_id: json.employees[0].id });
    },
  ),
  changes(
    "POST /countries/1/venues with meetups",
    { name: "Nested", meetups: [{ title: "Down", group_id: 3 }] },
    ({ status, json }) => {
      expect(status, JSON.stringify(json)).toBe(201);
      expect(json).toMatchObject({ country_id: 1, meetups: [{ title: "Down", venue_id: json.id }] });
    },
  ),
  changes(
    "POST /countries with an array of nested bodies",
    [
      { name: "Germany", code: "DE", venues: [{ name: "Fabrik" }] },
      { name: "Italy", code: "IT" },
    ],
    async ({ status, json }, api) => {
      expect(status, JSON.stringify(json)).toBe(201);
      expect(json).toMatchObject([{ code: "DE", venues: [{ name: "Fabrik" }] }, { code: "IT" }]);
      expect((await rows(api, "/countries")).length).toBe(5);
    },
  ),
];

const links = [
  changes(
    "POST /groups with members that are there and new ones",
    {
      name: "Sailors",
      members: [{ id: 3 }, { name: "Nia", email: "nia@example.org", country: { id: 1 } }, { id: 5, age: 44 }],
    },
    async ({ status, json }, api) => {
      expect(status, JSON.stringify(json)).toBe(201);
      expect(json.members).toMatchObject([
        { id: 3, name: "Chiara O'Neil" },
        { name: "Nia", country_id: 1 },
        { id: 5, age: 44 },
      ]);
      const stored: { name: string }[] = await rows(api, `/groups/${json.id}/members`);
      expect(stored.map(({ name }) => name)).toEqual(["Chiara O'Neil", "Emil", "Nia"]);
    },
  ),
  changes("PATCH /members/11 into groups", { groups: [{ id: 1 }, { id: 1 }, { id: 2 }] }, async ({ status }, api) => {
    expect(status).toBe(200);
    expect(await rows(api, `/members/11/groups?select=id`)).toEqual([{ id: 1 }, { id: 2 }]);
  }),
];

/** Nothing of it is kept. */
const refused = (
  title: string,
  body: unknown,
  status: number,
  code: string,
  fields?: readonly string[],
  says?: string,
): Case =>
  refuses(title, status, code, {
    body,
    ...(fields === undefined ? {} : { fields }),
    ...(says === undefined ? {} : { says }),
  });

const mistakes = [
  refused("POST /venues", { name: "x", country: { name: "No code" } }, 422, "not_null_violation"),
  refused(
    "POST /countries",
    { name: "Germany", code: "DE", venues: [{ name: "ok" }, { nmae: "x" }] },
    400,
    "unknown_column",
    ["venues[1].nmae"],
    "Perhaps you meant 'name'",
  ),
  refused(
    "POST /countries",
    {
      name: "Germany",
      code: "DE",
      venues: [
        {
          name: "ok",
          meetups: [
            { title: "t", group_id: 1 },
            { title: "t", group_id: "x" },
          ],
        },
      ],
    },
    422,
    "invalid_value",
    ["venues[0].meetups[1].group_id"],
  ),
  refused(
    "POST /countries",
    { name: "Germany", code: "DE", venues: [{ id: 1 }, { name: "x", capacity: "y" }] },
    422,
    "invalid_value",
    ["venues[1].capacity"],
  ),
  refused(
    "POST /venues",
    { name: "x", country: { id: 99 } },
    422,
    "related_row_missing",
    undefined,
    "countries has no row",
  ),
  refused("POST /groups", { name: "x", members: [{ id: 99 }] }, 422, "related_row_missing", undefined, "members[0]"),
  refused("POST /countries", { name: "Germany", code: "DE", venues: [{ id: 99 }] }, 422, "related_row_missing"),
  // The collection stands below an empty text.
  refused("POST /flights", { number: "X1", origin: { code: "" }, destination_id: "JFK" }, 422, "related_row_missing"),
  refused("POST /venues", { name: "x", country_id: 1, country: { id: 2 } }, 422, "invalid_value", ["country_id"]),
  refused(
    "POST /countries",
    { name: "Germany", code: "DE", venues: [{ name: "x", country_id: 1 }] },
    422,
    "invalid_value",
    ["venues[0].country_id"],
  ),
  refused("POST /venues", { name: "x", country: [{ id: 1 }] }, 400, "invalid_body"),
  refused("POST /countries", { name: "Germany", code: "DE", venues: { name: "x" } }, 400, "invalid_body"),
  refused("POST /countries", { name: "Germany", code: "DE", venues: ["x"] }, 400, "invalid_body"),
  refused("POST /groups", { name: "x", meetups: [{ title: "t", seats: -1 }] }, 422, "check_violation"),
  refused("POST /members", { name: "x", email: "ada@example.org", groups: [{ name: "New" }] }, 409, "unique_violation"),
  refused(
    "POST /employees",
    [..."abcdefg"].reduceRight<unknown[]>((employees, name) => [{ name, employees }], [])[0],
    400,
    "too_complex",
    undefined,
    "5 levels",
  ),
  refused(
    "POST /countries",
    { name: "Germany", code: "DE", venues: Array.from({ length: 1001 }, () => ({ name: "x" })) },
    400,
    "too_complex",
    undefined,
    "1000 rows",
  ),
];

export const nestedWrites = [...parents, ...children, ...links, ...mistakes];
