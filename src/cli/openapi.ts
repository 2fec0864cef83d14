// `sapwood openapi <db>`: the API's document; `sapwood types <db>`: the TypeScript types that are made of it.
import type { Command } from "commander";
import type { Api } from "../api/api.js";
import type { OpenApiDocument, OpenApiOptions } from "../openapi/document.js";
import { type ServeSettings, serverDefaults, toPrefix } from "../server/serve.js";
import { orExit } from "./run-command.js";
import { type Flags, withDatabase, withDocument } from "./settings.js";
import { withApi } from "./with-api.js";

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
  // Types are of use on all levels, and to a compiler their size is nothing.
  print(types.addHelpText("after", typesExamples), toTypes, { whole: true });
}

function print(
  command: Command,
  show: (document: OpenApiDocument) => string | Promise<string>,
  form: OpenApiOptions = {},
): void {
  withDocument(withDatabase(command)).action((argument: string | undefined, flags: Flags) =>
    orExit({}, async (note) => {
      const text = await show(
        await withApi(argument, flags, note, (api, settings) => documentOf(api, settings, form), { signIn: true }),
      );
      process.stdout.write(`${text.trimEnd()}\n`);
    }),
  );
}

async function documentOf(api: Api, settings: ServeSettings, form: OpenApiOptions): Promise<OpenApiDocument> {
  const { prefix, server, title, apiVersion } = { ...serverDefaults, ...settings };
  return api.openApi({ ...form, title, version: apiVersion, servers: server ?? [toPrefix(prefix) || "/"] });
}

/** Properties with a default stay optional: a body may leave them out. */
async function toTypes(document: OpenApiDocument): Promise<string> {
  const { astToString, default: openapiTS } = await import("openapi-typescript");
  return astToString(await openapiTS(document as never, { defaultNonNullable: false }));
}
