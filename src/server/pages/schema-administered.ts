// What changes of a server's databases and users have in common: whether there are such, what is not to be touched, a dry run, refusals.
import type { IncomingMessage } from "node:http";
import type { Defining } from "../../api/defining.js";
import { type Administering, RefusedByServer } from "../../database/administering.js";
import { refusalProblem } from "../../database/refusals.js";
import type { Said } from "../../dialect/parts/administration.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { withApplied } from "../../http/prefer.js";
import { type HttpError, problem } from "../../http/problem.js";
import { requestIdOf } from "../../http/request-id.js";
import { tellRefusal } from "../../observe/refusals.js";
import { jsonPage, type PageAnswer, type Site } from "../page.js";
import { seenOf } from "../request-record.js";
import type { AskedSchema } from "./schema-asked.js";
import type { Definable } from "./schema-change.js";
import { inCallersWords } from "./schema-refusals.js";

/** A database whose server has other databases, and users. */
export interface Administered {
  readonly defining: Defining;
  readonly administering: Administering;
  readonly site: Site;
}

/** Throws 404 where there are none. */
export function administeredOf({ defining }: Definable, site: Site): Administered {
  const { administering } = defining;
  if (administering !== undefined) return { defining, administering, site };
  throw problem(
    "no_route",
    "This database is a file, which has no other databases beside it and no users: whoever may read the file may use it. Make another file, and name it among the server's databases; accounts of the API are what auth is for.",
  );
}

/** One change at a time, and none with `readOnly`. */
export const administering =
  (one: Administered, change: (request: ApiRequest) => Promise<() => Promise<ApiResponse>>): PageAnswer =>
  (request) =>
    inCallersWords(async () => {
      if (one.defining.options.readOnly === true)
        throw problem(
          "forbidden",
          "The server runs with --read-only: databases and users can be looked at, and not changed.",
        );
      const planned = await change(request);
      return one.defining.inTurn(planned);
    });

type Kind = "database" | "user";

/** What the database's server needs, or this one. */
export async function refuseOwn({ administering, site }: Administered, kind: Kind, name: string): Promise<void> {
  const { reserved } = administering.administration;
  if ((kind === "database" ? reserved.databases : reserved.users).test(name))
    throw problem("forbidden", `${name} is a name that the database's server keeps for itself. Choose another.`);
  const owns = await Promise.all(site.mounts.map(({ api }) => api.defining?.administering?.own()));
  const isOwn = owns.some(
    (own) => own && (kind === "database" ? own.database : own.account).toLowerCase() === name.toLowerCase(),
  );
  if (isOwn)
    throw problem("still_in_use", `This server runs ${kind === "database" ? "on" : "as"} ${name}: it stays as it is.`);
}

/** What is to be done, in our words: `create database shop`. */
export interface AdministeredChange {
  readonly asked: AskedSchema;
  readonly what: string;
  readonly statements: readonly Said[];
  /** Takes back a part of them, where a transaction does not. */
  readonly undo?: readonly Said[];
}

/** Does it, or shows what would be done: `answer` is for what was. */
export async function administer(
  one: Administered,
  request: ApiRequest,
  { asked, what, statements, undo }: AdministeredChange,
  answer: () => ApiResponse | Promise<ApiResponse>,
): Promise<ApiResponse> {
  if (asked.dryRun) return rehearsed(statements, asked);
  const seen = seenOf(request.raw as IncomingMessage);
  try {
    await one.administering.say(statements, undo);
  } catch (error) {
    if (!(error instanceof RefusedByServer)) throw error;
    const refused = refusedProblem(what, error, one.defining);
    const id = requestIdOf(request.id, request.header("x-request-id"));
    if (seen !== undefined) tellRefusal(refused, request, id, seen.logger);
    throw refused;
  }
  const { method, path, prefix } = request;
  seen?.logger.info({ requestId: seen.id, method, path: prefix + path, done: [what] }, "databases and users changed");
  return answer();
}

function rehearsed(statements: readonly Said[], { preferred }: AskedSchema): ApiResponse {
  const texts = statements.map(({ text, shown = text }) => shown);
  const page = jsonPage({ statements: texts, notes: [], changes: [], severity: null });
  return preferred ? withApplied(page, "tx=rollback") : page;
}

function refusedProblem(what: string, { fault, cause }: RefusedByServer, { dialect }: Defining): HttpError {
  switch (fault) {
    case "exists":
      return problem("name_taken", `${what}: there is one of this name already. Nothing was changed.`, { cause });
    case "missing":
      return problem("no_route", `${what}: there is none of this name. Nothing was changed.`, { cause });
    case "in use":
      return problem(
        "still_in_use",
        `${what}: others use it, or it has or owns what was not given here. Nothing was changed.`,
        { cause },
      );
    case "password": {
      const message = "the database's own rules for passwords do not take this one.";
      return problem("invalid_body", `password: ${message}`, { errors: [{ field: "password", message }], cause });
    }
    case "not allowed":
      return problem("definition_refused", `${what}: the account that this server runs as may not do it.`, { cause });
    case undefined: {
      const refusal = dialect.refusal(cause);
      if (refusal?.code === "database_away" || refusal?.code === "timeout") return refusalProblem(refusal, { cause });
      return problem("definition_refused", `${what}: the database refuses it. The server's log has its words.`, {
        cause,
      });
    }
  }
}
