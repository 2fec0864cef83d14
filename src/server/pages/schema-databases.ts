// Requests about the databases of a server → databases shown, made and dropped.

import { didYouMean, excerpt } from "../../base/suggest.js";
import { CHANGE } from "../../define/entry-form.js";
import { checkName } from "../../define/names.js";
import { databaseFrom } from "../../define/user-form.js";
import type { ApiRequest } from "../../http/message.js";
import { problem } from "../../http/problem.js";
import { readPlainObject } from "../../request/body.js";
import { jsonPage, type PageAnswer } from "../page.js";
import { type Administered, administer, administering, refuseOwn } from "./schema-administered.js";
import { askedOf, refuseParameters } from "./schema-asked.js";
import { createdPage, nameIn } from "./schema-named.js";

export const listDatabases =
  ({ administering }: Administered): PageAnswer =>
  async (request) => {
    refuseParameters(request);
    return jsonPage((await administering.databases()).map((name) => ({ name })));
  };

export const showDatabase =
  (one: Administered): PageAnswer =>
  async (request) => {
    refuseParameters(request);
    return jsonPage({ name: await foundDatabase(one, request) });
  };

export const makeDatabase = (one: Administered): PageAnswer =>
  administering(one, async (request) => {
    const asked = askedOf(request, ["dry-run"]);
    const name = databaseFrom(await readPlainObject(request));
    return async () => {
      const what = `create database ${name}`;
      if ((await one.administering.databases()).includes(name))
        throw problem("name_taken", `There is a database '${name}' already.`);
      await refuseOwn(one, "database", name);
      const statements = [{ text: one.administering.administration.createDatabase(name) }];
      return administer(one, request, { asked, what, statements }, () => createdPage(request, name, { name }));
    };
  });

export const dropDatabase = (one: Administered): PageAnswer =>
  administering(one, async (request) => {
    const asked = askedOf(request, ["dry-run", "rows"]);
    return async () => {
      await refuseOwn(one, "database", nameIn(request));
      const name = await foundDatabase(one, request);
      checkName(name, CHANGE);
      const what = `drop database ${name}`;
      if (!asked.dropsRows) await refuseTables(one, name);
      const statements = [{ text: one.administering.administration.dropDatabase(name) }];
      return administer(one, request, { asked, what, statements }, () => ({ status: 204, headers: {} }));
    };
  });

async function foundDatabase({ administering }: Administered, request: ApiRequest): Promise<string> {
  const name = nameIn(request);
  const names = await administering.databases();
  if (names.includes(name)) return name;
  throw problem("no_route", `There is no database '${excerpt(name)}'.${didYouMean(name, names)}`);
}

/** Also where nobody can look into it. */
async function refuseTables({ administering }: Administered, name: string): Promise<void> {
  const holds = await administering.holdsTables(name).catch((cause: unknown) => {
    throw problem("still_in_use", `${name} cannot be looked into. With ?rows=delete it goes with all that is in it.`, {
      cause,
    });
  });
  if (holds) throw problem("still_in_use", `${name} holds tables or views. With ?rows=delete they go with it.`);
}
