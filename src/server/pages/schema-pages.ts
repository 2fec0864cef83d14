// `/schema`: the tables of each database, the databases and users of its server: shown, made, changed and dropped. Who may come
// here, and what stands at which path.
import type { IncomingMessage } from "node:http";
import type { Defining } from "../../api/defining.js";
import { profileOf, withoutProfile } from "../../api/profiled.js";
import { didYouMean, excerpt } from "../../base/suggest.js";
import type { ApiRequest } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import { asksWho, forSignedInAdmins } from "../callers.js";
import { isOtherSites, namesThisMachine } from "../cross-site.js";
import { requireLoopback } from "../loopback.js";
import type { Mount } from "../mount.js";
import type { PageAnswer, ServedPage, Site } from "../page.js";
import { type Administered, administeredOf } from "./schema-administered.js";
import type { Definable } from "./schema-change.js";
import { dropDatabase, listDatabases, makeDatabase, showDatabase } from "./schema-databases.js";
import { changeTable, dropTable, listTables, makeTable, showTable } from "./schema-tables.js";
import { dropUser, listUsers, makeUser, showUser } from "./schema-users.js";

/** None where they are not asked for. Throws where a database's tables are written by hand. */
export function createSchemaPages(site: Site): readonly ServedPage[] {
  if (!site.schemaRoutes) return [];
  const guarded = guardOf(site);
  for (const mount of site.mounts) refuseByHand(mount);
  return [
    ...site.mounts.flatMap((mount) => pagesOf(mount, site, guarded)),
    { path: "/schema", folder: true, get: guarded(nowhere(site.mounts)) },
  ];
}

type Part = "tables" | "databases" | "users";

/** Where they are; a database that is a file has tables only. */
export const schemaPlaces = (mount: Mount) => ({
  tables: placeOf(mount, "tables"),
  ...(mount.api.defining?.administering && {
    databases: placeOf(mount, "databases"),
    users: placeOf(mount, "users"),
  }),
});

const placeOf = ({ name }: Mount, part: Part): string =>
  name === undefined ? `/schema/${part}` : `/schema/${name}/${part}`;

function refuseByHand({ name, api }: Mount): void {
  if (api.defining === undefined)
    throw new Error(
      `schemaRoutes: the tables of ${name ?? "the database"} are written by hand (tables), and cannot be changed by requests. Leave one of the two out.`,
    );
}

/** Of several profiles the tables of one, which the request names. */
function pagesOf(mount: Mount, site: Site, guarded: (answer: PageAnswer) => PageAnswer): readonly ServedPage[] {
  const { api } = mount;
  const of = (answer: (one: Definable) => PageAnswer) =>
    guarded((request) => {
      const { defining } = profileOf(api, request);
      return answer({ api, defining: defining as Defining })(withoutProfile(request));
    });
  const about = (answer: (one: Administered) => PageAnswer) => of((one) => answer(administeredOf(one, site)));
  const [tables, databases, users] = (["tables", "databases", "users"] as const).map((part) =>
    placeOf(mount, part),
  ) as [string, string, string];
  return [
    { path: tables, get: of(listTables), post: of(makeTable) },
    { path: tables, folder: true, get: of(showTable), patch: of(changeTable), delete: of(dropTable) },
    { path: databases, get: about(listDatabases), post: about(makeDatabase) },
    { path: databases, folder: true, get: about(showDatabase), delete: about(dropDatabase) },
    { path: users, get: about(listUsers), post: about(makeUser) },
    { path: users, folder: true, get: about(showUser), delete: about(dropUser) },
  ];
}

/** Admins who have signed in; where nobody does, whoever is on this machine. No page of another site in any case. */
export function guardOf(site: Site): (answer: PageAnswer) => PageAnswer {
  const open = !asksWho(site);
  return (answer) =>
    forSignedInAdmins(site, (request) => {
      refuseOtherSites(request, site.trustProxy === true);
      if (open) requireThisMachine(request);
      return answer(request);
    });
}

function refuseOtherSites({ raw }: ApiRequest, trustProxy: boolean): void {
  if (isOtherSites(raw as IncomingMessage, trustProxy))
    throw problem(
      "cross_origin",
      "Pages of other sites have no business with /schema, whatever --cors-origin says. Send the request from a program.",
    );
}

/** With `open` any name leads to the server, and one of another site's could be made to (DNS rebinding). */
function requireThisMachine(request: ApiRequest): void {
  const host = request.header("host");
  requireLoopback(request, "Without auth, /schema is", "the request");
  if (host !== undefined && !namesThisMachine(host))
    throw problem("forbidden", "Without auth, /schema is found at 127.0.0.1 and localhost only. Ask it by that name.");
}

const nowhere =
  (mounts: readonly Mount[]): PageAnswer =>
  ({ prefix, path }) => {
    const asked = prefix + path;
    const tables = mounts.map((mount) => placeOf(mount, "tables"));
    const others = (["databases", "users"] as const).flatMap((part) => mounts.map((mount) => placeOf(mount, part)));
    const near = didYouMean(asked, [...tables, ...others]);
    throw problem(
      "no_route",
      `There is nothing at ${excerpt(asked)}.${near} Tables are at ${tables.join(", ")}; databases and users beside them.`,
    );
  };
