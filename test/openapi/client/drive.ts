// A client of the conformance tables as its author would write it, with nothing but the generated types: `types.js` is made of the
// document beside it, and both are compiled together. No cast, no `any`.
import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./types.js";

/** Fails where the API answered with a problem, or without a body. */
function shown<T>({ data, error }: { data?: T; error?: unknown }): NonNullable<T> {
  if (data === undefined || data === null) throw new Error(JSON.stringify(error));
  return data;
}

/** One row, where an array could have been sent. */
function one<T>(rows: T | T[]): T {
  if (Array.isArray(rows)) throw new Error("one row was sent");
  return rows;
}

/** A bare list, where an envelope or CSV could have been asked for. */
function bare<T>(list: T[] | object | string): T[] {
  if (!Array.isArray(list)) throw new Error("neither an envelope nor CSV was asked for");
  return list;
}

type Steps = Record<string, unknown>;

/** Every operation's kind once or more; what each answered, by what was asked. */
export async function drive(baseUrl: string): Promise<Steps> {
  const client: Client<paths> = createClient<paths>({ baseUrl });
  const steps: Steps = {};

  const members = bare(
    shown(
      await client.GET("/members", {
        params: { query: { age: ["gte:30", "lt:50"], "order-by": "name:asc", limit: 2, select: "name,country(name)" } },
      }),
    ),
  );
  steps.list = members.map(({ name, country }) => `${name} of ${country?.name}`);

  const page = shown(await client.GET("/countries", { params: { query: { envelope: true, limit: 1 } } }));
  steps.envelope =
    typeof page === "string" || Array.isArray(page) ? "bare" : { total: page.total, first: page.items[0]?.code };

  const nested = bare(
    shown(await client.GET("/groups/{id}/members", { params: { path: { id: 1 }, query: { "order-by": "id:asc" } } })),
  );
  steps.nested = nested.map(({ id }) => id);

  const country = one(shown(await client.POST("/countries", { body: { name: "Ghana", code: "GH" } })));
  steps.create = [country.name, country.code];
  const { id } = country;

  const venue = one(
    shown(
      await client.POST("/countries/{id}/venues", {
        params: { path: { id } },
        body: { name: "Boathouse", meetups: [{ title: "First sail", group_id: 1 }] },
      }),
    ),
  );
  steps.createNested = [venue.country_id === id, venue.meetups?.map(({ title }) => title)];

  const several = shown(
    await client.POST("/groups", { body: [{ name: "Sailors" }, { name: "Cooks", is_open: false }] }),
  );
  steps.createMany = Array.isArray(several) ? several.map(({ is_open }) => is_open) : "one";

  const merged = one(
    shown(
      await client.POST("/countries", {
        params: { query: { "on-conflict": "merge", "conflict-columns": "code" } },
        body: { name: "Republic of Ghana", code: "GH" },
      }),
    ),
  );
  steps.upsert = [merged.id === id, merged.name];

  const replaced = await client.PUT("/countries/{id}", {
    params: { path: { id } },
    body: { name: "Ghana", code: "GN" },
  });
  steps.replace = shown(replaced).code;
  const etag = replaced.response.headers.get("etag") ?? "";

  const known = await client.GET("/countries/{id}", { params: { path: { id }, header: { "If-None-Match": etag } } });
  steps.notModified = known.response.status;

  const changed = shown(
    await client.PATCH("/countries/{id}", {
      params: { path: { id }, header: { "If-Match": etag } },
      body: { code: "GH" },
    }),
  );
  steps.update = changed.code;

  const late = await client.PATCH("/countries/{id}", {
    params: { path: { id }, header: { "If-Match": etag } },
    body: { code: "XX" },
  });
  steps.precondition = late.error?.code;

  const [meetup] = bare(shown(await client.GET("/venues/{id}/meetups", { params: { path: { id: venue.id } } })));
  const path = { id: venue.id, meetupId: meetup?.id ?? 0 };
  const seats = shown(
    await client.PATCH("/venues/{id}/meetups/{meetupId}", { params: { path }, body: { seats: { increment: 5 } } }),
  );
  steps.increment = seats.seats - (meetup?.seats ?? 0);

  const title = shown(await client.GET("/meetups/{id}/venue", { params: { path: { id: path.meetupId } } }));
  steps.parent = title.name;

  const link = { params: { path: { id: 1, groupId: 2 } } };
  steps.unlinkBefore = (await client.POST("/members/{id}/groups/{groupId}/delete", link)).response.status;
  steps.add = (await client.POST("/members/{id}/groups/{groupId}/add", { ...link, body: {} })).response.status;
  steps.addAgain = shown(await client.POST("/members/{id}/groups/{groupId}/add", { ...link, body: {} }));
  steps.linked = shown(await client.GET("/members/{id}/groups/{groupId}", link)).id;
  steps.unlink = (await client.POST("/members/{id}/groups/{groupId}/delete", link)).response.status;

  const set = shown(await client.PUT("/members/{id}/groups", { params: { path: { id: 1 } }, body: [1, 3] }));
  steps.relink = set.map(({ id }) => id);
  const unlinked = await client.DELETE("/members/{id}/groups", {
    params: { path: { id: 1 }, query: { id: 3 }, header: { Prefer: "return=representation" } },
  });
  steps.unlinkMany = shown(unlinked).map(({ id }) => id);

  const many = await client.PATCH("/meetups", {
    params: { query: { venue_id: path.id }, header: { Prefer: "max-affected=5" } },
    body: { seats: 7 },
  });
  steps.updateMany = [shown(many).map(({ seats }) => seats), many.response.headers.get("x-total-count")];
  const gone = await client.DELETE("/meetups", { params: { query: { venue_id: path.id } } });
  steps.deleteMany = [gone.response.status, gone.response.headers.get("x-total-count")];

  const stock = shown(await client.GET("/stocks/{id}", { params: { path: { id: ["a,b", "50%/c"] } } }));
  steps.composite = stock.warehouse;

  steps.delete = [
    (await client.DELETE("/venues/{id}", { params: { path: { id: venue.id } } })).response.status,
    (await client.DELETE("/countries/{id}", { params: { path: { id } } })).response.status,
  ];
  steps.notFound = (await client.GET("/countries/{id}", { params: { path: { id } } })).error?.code;
  steps.invalid = (await client.GET("/members", { params: { query: { age: "lt:old" } } })).error?.errors?.map(
    ({ field }) => field,
  );

  const answers = shown(await client.POST("/batch", { body: [{ method: "GET", path: "/countries/1" }] }));
  steps.batch = answers.map(({ status }) => status);
  const csv = await client.GET("/countries", {
    params: { query: { select: "code", limit: 1 } },
    headers: { Accept: "text/csv" },
    parseAs: "text",
  });
  steps.csv = csv.data;
  return steps;
}
