// `sapwood openapi <db>`: the API's document; `sapwood types <db>`: the TypeScript types that are made of it.
import type { Command } from "commander";
import { createApi } from "../api/create.js";
import { limitNames } from "../api/limits.js";
import { type OpenApiDocument, toOpenApi } from "../openapi/document.js";
import { toPrefix } from "../server/serve.js";
import { within } from "../server/within.js";
import { orExit } from "./exit.js";
import { type DocumentFlags, databaseOf, withDatabase, withDocument } from "./settings.js";

const openapiExamples = `
Examples:
  sapwood openapi sqlite:shop.db > openapi.json
  sapwood openapi postgres://app@localhost/shop --server https://shop.example.org/api --title Shop

It is the document of what sapwood serve answers with the same flags. The schema is read, and the command ends.`;

const typesExamples = `
Examples:
  sapwood types sqlite:shop.db > shop.ts

For openapi-fetch and other clients: createClient<paths>({ baseUrl: "http://127.0.0.1:3000/api" }).
It needs the package openapi-typescript: npm install --save-dev openapi-typescript`;

/** Adds the commands `openapi` and `types`. */
export function addOpenApi(program: Command): void {
  const openapi = program.command("openapi").description("print the API's OpenAPI 3.1 document");
  const types = program.command("types").description("print TypeScript types of the API, for a typed client");
  print(openapi.addHelpText("after", openapiExamples), (document) => JSON.stringify(document, null, 2));
  print(types.addHelpText("after", typesExamples), toTypes);
}

function print(command: Command, show: (document: OpenApiDocument) => string | Promise<string>): void {
  withDocument(withDatabase(command)).action((argument: string | undefined, flags: DocumentFlags) =>
    orExit({ db: argument ?? process.env.DATABASE_URL }, async () => {
      const text = await show(await documentOf(databaseOf(argument), flags));
      process.stdout.write(`${text.trimEnd()}\n`);
    }),
  );
}

async function documentOf(db: string, flags: DocumentFlags): Promise<OpenApiDocument> {
  const { schema, connectTimeout, prefix, server, title, apiVersion, ...options } = flags;
  const limits = Object.fromEntries(limitNames.map((name) => [name, options[name]]));
  const api = await within(connectTimeout * 1000, createApi(db, { schema, ...limits }));
  await api.close();
  const servers = server ?? [toPrefix(prefix) || "/"];
  return toOpenApi(api.tree, { ...options, title, version: apiVersion, servers });
}

/** Properties with a default stay optional: a body may leave them out. */
async function toTypes(document: OpenApiDocument): Promise<string> {
  const { astToString, default: openapiTS } = await import("openapi-typescript");
  return astToString(await openapiTS(document as never, { defaultNonNullable: false }));
}
