// The document → a Postman collection (https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html): a folder a tag, a
// request an operation.
import type { OpenApiDocument } from "./document.js";
import { requestsOf, type SampleParameter, type SampleRequest } from "./requests.js";

const SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/** `baseUrl` is the collection's variable of that name. Filters and the like are there to be switched on. */
export function toPostman(document: OpenApiDocument, baseUrl: string): object {
  const { requests, note } = requestsOf(document);
  const folders = byTag(requests);
  return {
    info: { name: String(document.info.title), schema: SCHEMA, ...(note !== undefined && { description: note }) },
    variable: [{ key: "baseUrl", value: baseUrl }],
    item: [...folders].map(([name, requests]) => ({ name, item: requests.map(itemOf) })),
  };
}

const isIn = (place: SampleParameter["in"]) => (parameter: SampleParameter) => parameter.in === place;

function itemOf({ name, method, path, parameters, body }: SampleRequest): object {
  const segments = path
    .slice(1)
    .split("/")
    .map((part) => part.replace(/^\{(.*)\}$/, ":$1"));
  const said =
    (off: boolean) =>
    ({ name: key, example, description }: SampleParameter) => ({
      ...{ key, value: example },
      ...(description !== "" && { description }),
      ...(off && { disabled: true }),
    });
  const header = [
    ...(body === undefined ? [] : [{ key: "Content-Type", value: "application/json" }]),
    ...parameters.filter(isIn("header")).map(said(true)),
  ];
  return {
    name,
    request: {
      method,
      header,
      url: {
        raw: `{{baseUrl}}/${segments.join("/")}`,
        host: ["{{baseUrl}}"],
        path: segments,
        variable: parameters.filter(isIn("path")).map(said(false)),
        query: parameters.filter(isIn("query")).map(said(true)),
      },
      ...(body !== undefined && {
        body: { mode: "raw", raw: JSON.stringify(body, null, 2), options: { raw: { language: "json" } } },
      }),
    },
  };
}

function byTag(requests: readonly SampleRequest[]): ReadonlyMap<string, readonly SampleRequest[]> {
  const folders = new Map<string, SampleRequest[]>();
  for (const request of requests) {
    const folder = folders.get(request.tag) ?? [];
    folder.push(request);
    folders.set(request.tag, folder);
  }
  return folders;
}
