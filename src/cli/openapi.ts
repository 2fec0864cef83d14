// `sapwood openapi <db>`: the API's document; `sapwood types <db>`: the TypeScript types that are made of it.
import { type Command, Option } from "commander";
import type { Api } from "../api/api.js";
import { toYaml } from "../docs/notation.js";
import { MOST_OPERATIONS, type OpenApiDocument, type OpenApiOptions } from "../openapi/document.js";
import { toHttpFile } from "../openapi/http-file.js";
import { toPostman } from "../openapi/postman.js";
import { MOST_REQUESTS } from "../openapi/requests.js";
import { type ServeSettings, serverDefaults, toPrefix } from "../server/serve.js";
import { type Flags, withDatabase, withDocument } from "./flags.js";
import { withProgress } from "./progress.js";
import { orExit } from "./run-command.js";
import { tameNames } from "./tame-names.js";
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

interface DocumentFlags extends Flags {
  readonly as?: keyof typeof forms;
}

interface Form {
  readonly show: (document: OpenApiDocument, baseUrl: string) => string | Promise<string>;
  readonly options?: OpenApiOptions;
  /** The most operations that it has room for. */
  readonly most?: number;
}

/** What a document is printed as. */
const forms = {
  json: { show: (document) => JSON.stringify(document, null, 2) },
  yaml: { show: toYaml },
  postman: { show: (document, url) => JSON.stringify(toPostman(document, url), null, 2), most: MOST_REQUESTS },
  http: { show: toHttpFile, most: MOST_REQUESTS },
} as const satisfies Readonly<Record<string, Form>>;

/** Types are of use on all levels, and to a compiler their size is nothing. */
const types: Form = { show: toTypes, options: { whole: true } };

/** Adds the commands `openapi` and `types`. */
export function addOpenApi(program: Command): void {
  const openapi = program
    .command("openapi")
    .description("print the API's OpenAPI 3.1 document, or requests made of it");
  const as = new Option("--as <form>", "a Postman collection or an .http file of requests, or the document in YAML");
  const withAs = openapi
    .addOption(as.choices(Object.keys(forms)).default("json"))
    .addHelpText("after", openapiExamples);
  print(withAs, ({ as = "json" }) => forms[as]);
  const typed = program.command("types").description("print TypeScript types of the API, for a typed client");
  print(typed.addHelpText("after", typesExamples), () => types);
}

function print(command: Command, formOf: (flags: DocumentFlags) => Form): void {
  withDocument(withDatabase(command)).action((argument: string | undefined, flags: DocumentFlags) =>
    orExit({}, async (note) => {
      const form = formOf(flags);
      const text = await withProgress((progress) => {
        progress.at("reading the schema");
        const show = async (api: Api, settings: ServeSettings) => {
          progress.at("making the document");
          const document = await documentOf(api, settings, form);
          progress.at(form === types ? "making the types" : "writing it down");
          return form.show(document, addressOf(settings));
        };
        return withApi(argument, flags, note, show, { signIn: true });
      });
      process.stdout.write(`${text.trimEnd()}\n`);
    }),
  );
}

/** Where the resources are: the document's first server, or this machine's. */
function addressOf(settings: ServeSettings): string {
  const { prefix, server, host, port } = { ...serverDefaults, ...settings };
  return server?.[0] ?? `http://${host}:${port}${toPrefix(prefix)}`;
}

async function documentOf(
  api: Api,
  settings: ServeSettings,
  { options, most = Number.POSITIVE_INFINITY }: Form,
): Promise<OpenApiDocument> {
  const { prefix, server, title, apiVersion, maxOperations = MOST_OPERATIONS } = { ...serverDefaults, ...settings };
  return api.openApi({
    ...options,
    ...{ title, version: apiVersion, servers: server ?? [toPrefix(prefix) || "/"] },
    maxOperations: Math.min(most, maxOperations),
  });
}

/** Properties with a default stay optional: a body may leave them out. */
async function toTypes(document: OpenApiDocument): Promise<string> {
  const { astToString, default: openapiTS } = await import("openapi-typescript");
  const { tame, restored } = tameNames(document);
  return restored(astToString(await openapiTS(tame as never, { defaultNonNullable: false })));
}
