// The pages about an API: Swagger UI, the OpenAPI document, the picture of the tables. A fixed list of paths, each with its answer.
import { etagOf, unlessKnown } from "../api/etag.js";
import { finish } from "../api/finish.js";
import type { ApiRequest, ApiResponse } from "../api/message.js";
import { problem, problemResponse } from "../api/problem.js";
import { toMermaid } from "../diagram/mermaid.js";
import { pictureOf } from "../diagram/picture.js";
import { toSvg } from "../diagram/svg.js";
import type { OpenApiDocument } from "../openapi/document.js";
import type { DocsPlace, RouteTree } from "../routes/tree.js";
import { addressesIn } from "./address.js";
import { type Asset, start, style, swaggerAsset, swaggerFiles } from "./asset.js";
import { diagramHtml, policy, swaggerHtml } from "./html.js";

export interface DocsSettings extends DocsPlace {
  /** Where the resources are, beside the document: `/api`, or empty where they are at the same place. */
  readonly resources: string;
  /** The resources' addresses, in place of all that a request tells. */
  readonly servers?: readonly string[];
  /** The whole address of what stands before `document`, where the request tells it and is believed. */
  origin?(request: ApiRequest): string | undefined;
}

export type DocsPage = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

/** The pages by their paths. They are those of one tree, and what is costly in them is made when it is first asked for. */
export function docsPages(
  tree: RouteTree,
  toDocument: () => OpenApiDocument,
  settings: DocsSettings,
): ReadonlyMap<string, DocsPage> {
  const { page, document: path } = settings;
  const here = page.slice(page.lastIndexOf("/") + 1);
  const document = once(toDocument);
  const picture = once(() => pictureOf(tree));
  const svg = once(() => toSvg(picture(), addressesIn(tree, document(), here)));
  const pages: Readonly<Record<string, () => ApiResponse | Promise<ApiResponse>>> = {
    [page]: once(() => html(swaggerHtml(here, "../".repeat(page.split("/").length - 2) + path.slice(1)))),
    // The addresses in the page are relative to the one without a slash at its end.
    [`${page}/`]: () => ({ status: 308, headers: { location: `../${here}` } }),
    [`${page}/diagram`]: once(async () => html(diagramHtml(here, picture(), await svg().catch(() => undefined)))),
    [`${page}/diagram.svg`]: once(() => svg().then(image, tooLarge)),
    [`${page}/diagram.mmd`]: once(() => text("text/plain; charset=utf-8", toMermaid(picture()))),
    [`${page}/start.js`]: () => file(start),
    [`${page}/pages.css`]: () => file(style),
    ...Object.fromEntries(swaggerFiles.map((name) => [`${page}/${name}`, async () => file(await swaggerAsset(name))])),
  };
  return new Map<string, DocsPage>([
    ...Object.entries(pages).map(([path, answer]) => [path, shown(answer)] as const),
    [path, shown(documentAnswer(document, settings))],
  ]);
}

/** A page can only be read, and a client that has it already is told so. */
function shown(answer: DocsPage): DocsPage {
  const allow = "GET, HEAD, OPTIONS";
  return async (request) => {
    const { method } = request;
    if (method === "OPTIONS") return { status: 204, headers: { allow } };
    if (method === "GET" || method === "HEAD") return finish(request, unlessKnown(request, await answer(request)));
    const detail = `${method} is not one of ${allow}: this page can only be read.`;
    return problemResponse(problem("method_not_allowed", detail, { headers: { allow } }));
  };
}

/** The resources' address is relative to the document's own (OpenAPI 3.1, "Server Object"), but where the whole one is known. */
function documentAnswer(document: () => OpenApiDocument, { resources, servers, origin }: DocsSettings): DocsPage {
  const at = (...urls: readonly string[]) =>
    text("application/json; charset=utf-8", JSON.stringify({ ...document(), servers: urls.map((url) => ({ url })) }));
  const relative = once(() => at(...(servers ?? [`.${resources}`])));
  if (origin === undefined || servers !== undefined) return relative;
  return (request) => {
    const whole = origin(request);
    const response = whole === undefined ? relative() : at(whole + resources);
    return {
      ...response,
      headers: { ...response.headers, vary: "Host, X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Prefix" },
    };
  };
}

/** Kept by clients, and asked for again each time: what it shows changes with the schema and with the version of this package. */
const kept = { "x-content-type-options": "nosniff", "cache-control": "no-cache" };

const text = (type: string, body: string): ApiResponse => ({
  status: 200,
  headers: { ...kept, "content-type": type, etag: etagOf(body) },
  body,
});

const file = ({ type, text: body, etag }: Asset): ApiResponse => ({
  status: 200,
  headers: { ...kept, "content-type": type, etag },
  body,
});

function withPolicy(response: ApiResponse): ApiResponse {
  const headers = { ...response.headers, "content-security-policy": policy, "referrer-policy": "no-referrer" };
  return { ...response, headers };
}

export const html = (body: string): ApiResponse => withPolicy(text("text/html; charset=utf-8", body));

const image = (svg: string): ApiResponse => withPolicy(text("image/svg+xml; charset=utf-8", svg));

const tooLarge = (): ApiResponse =>
  problemResponse(
    problem("too_complex", "There are too many tables here to draw. docs/diagram.mmd is the same as text."),
  );

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
