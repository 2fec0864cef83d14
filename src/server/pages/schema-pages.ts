// `/schema/tables`: the tables of each database, made, changed and dropped. Who may come here, and what stands at which path.
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
import type { Answer, Page, Site } from "../page.js";
import type { Definable } from "./schema-change.js";
import { changeTable, dropTable, listTables, makeTable, showTable } from "./schema-tables.js";

/** None where they are not asked for. Throws where a database's tables are written by hand. */
export function createSchemaPages(site: Site): readonly Page[] {
  if (!site.schemaRoutes) return [];
  const guarded = guardOf(site);
  for (const mount of site.mounts) refuseByHand(mount);
  return [
    ...site.mounts.flatMap((mount) => pagesOf(mount, guarded)),
    { path: "/schema", folder: true, get: guarded(nowhere(site.mounts.map(placeOf))) },
  ];
}

const placeOf = ({ name }: Mount): string => (name === undefined ? "/schema/tables" : `/schema/${name}/tables`);

function refuseByHand({ name, api }: Mount): void {
  if (api.defining === undefined)
    throw new Error(
      `schemaRoutes: the tables of ${name ?? "the database"} are written by hand (tables), and cannot be changed by requests. Leave one of the two out.`,
    );
}

/** Of several profiles the tables of one, which the request names. */
function pagesOf(mount: Mount, guarded: (answer: Answer) => Answer): readonly Page[] {
  const { api } = mount;
  const path = placeOf(mount);
  const of = (answer: (one: Definable) => Answer) =>
    guarded((request) => {
      const { defining } = profileOf(api, request);
      return answer({ api, defining: defining as Defining })(withoutProfile(request));
    });
  return [
    { path, get: of(listTables), post: of(makeTable) },
    { path, folder: true, get: of(showTable), patch: of(changeTable), delete: of(dropTable) },
  ];
}

/** Admins who have signed in; where nobody does, whoever is on this machine. No page of another site in any case. */
function guardOf(site: Site): (answer: Answer) => Answer {
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
  (paths: readonly string[]): Answer =>
  ({ prefix, path }) => {
    const asked = prefix + path;
    const near = didYouMean(asked, paths);
    throw problem("no_route", `There is nothing at ${excerpt(asked)}.${near} Tables are at ${paths.join(", ")}.`);
  };
