// The files of our own that the pages load. A fixed list.
import { etagOf } from "../http/conditional.js";

export interface Asset {
  readonly type: string;
  readonly text: string;
  readonly etag: string;
}

const types = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  txt: "text/plain; charset=utf-8",
} as const;

export const assetOf = (name: string, text: string): Asset => ({
  type: types[name.slice(name.lastIndexOf(".") + 1) as keyof typeof types],
  text,
  etag: etagOf(text),
});

/** Starts Swagger UI: a file of its own, for the pages' policy forbids scripts within them. */
export const start = assetOf(
  "start.js",
  `const place = document.getElementById("swagger-ui");
// Swagger UI would ask the provider of OpenID Connect, which the page may not: its tokens go into the field of bearer tokens.
const documentAt = new URL(place.dataset.document, location.href);
const at = (name) => {
  const url = new URL(place.dataset.files + "/" + name, location.href);
  if (place.dataset.profile !== undefined) url.searchParams.set("profile", place.dataset.profile);
  return url;
};

// Addresses are relative to the document, of which this page loads a table of contents only.
const withAddresses = (spec) => {
  // Some paths stand elsewhere than the resources.
  const places = [spec, ...Object.values(spec?.paths ?? {})];
  for (const server of places.flatMap((place) => place?.servers ?? []))
    server.url = new URL(server.url, documentAt).href.replace(/\\/$/, "");
  for (const { flows = {} } of Object.values(spec?.components?.securitySchemes ?? {}))
    for (const flow of Object.values(flows)) if (flow.tokenUrl) flow.tokenUrl = new URL(flow.tokenUrl, documentAt).href;
  return spec;
};
const withoutProviders = (spec) => {
  const schemes = Object.entries(spec?.components?.securitySchemes ?? {});
  const away = schemes.flatMap(([name, { type }]) => (type === "openIdConnect" ? [name] : []));
  for (const name of away) delete spec.components.securitySchemes[name];
  if (away.length > 0) spec.security = spec.security.filter((one) => !away.some((name) => name in one));
  return spec;
};

// The document shows what whoever asks may use: with other credentials it is another one.
const headersOf = (authorized) => {
  const headers = {};
  for (const { schema, value, token } of Object.values(authorized?.toJS() ?? {})) {
    if (schema?.type === "apiKey" && schema.in === "header") headers[schema.name] = value;
    else if (typeof value === "string") headers.Authorization = "Bearer " + value;
    else if (token?.access_token) headers.Authorization = "Bearer " + token.access_token;
  }
  return headers;
};
const reloading = (original, { specActions }) => (...given) => {
  const done = original(...given);
  specActions.download(at("outline.json").href);
  return done;
};
const wrapActions = { authorize: reloading, authorizeOauth2: reloading, logout: reloading };

let ui;

// What an operation says is loaded when it is unfolded. Its schemas lead nowhere in circles: each reference is what it refers to.
const inlined = (part, components) => {
  if (Array.isArray(part)) return part.map((one) => inlined(one, components));
  if (part === null || typeof part !== "object") return part;
  if (typeof part.$ref === "string") {
    const [, , kind, name] = part.$ref.split("/");
    return inlined(components[kind][name], components);
  }
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, inlined(value, components)]));
};
const resolveSubtree = async (spec, path) => {
  const known = path.reduce((part, name) => part?.[name], spec);
  const [kind, address, method] = path;
  if (kind !== "paths" || method === undefined) return { spec: known, errors: [] };
  const url = at("path.json");
  url.searchParams.set("path", address);
  const answer = await fetch(url, { headers: headersOf(ui?.authSelectors.authorized()) });
  if (!answer.ok) return { spec: known, errors: [new Error(url.href + ": " + answer.status)] };
  const { item, components } = await answer.json();
  return { spec: { ...inlined(item[method], components), ...known }, errors: [] };
};

// A tag's paths are loaded when it is opened, and again when the table of contents was.
const loaded = new Set();
const load = async (tag, { specSelectors, specActions, layoutActions }) => {
  if (loaded.has(tag) || !specSelectors.tags().some((one) => one.get("name") === tag)) return;
  loaded.add(tag);
  const url = at("tag.json");
  url.searchParams.set("tag", tag);
  const answer = await fetch(url, { headers: headersOf(ui?.authSelectors.authorized()) });
  if (!answer.ok) return loaded.delete(tag);
  const found = await answer.json();
  const { paths, ...head } = specSelectors.specJson().toJS();
  specActions.updateJsonSpec({ ...head, paths: { ...paths, ...found } });
  // The page's address may lead to an operation that was not there before.
  const [, ofTag, operation] = decodeURIComponent(location.hash).split("/");
  if (ofTag === tag && operation) layoutActions.scrollToVirtualizedOperation(["operations", tag, operation]);
};
const show = (original, system) => (place, shown) => {
  const done = original(place, shown);
  const [kind, tag] = [place].flat();
  if (shown && kind === "operations-tag") load(tag, system);
  return done;
};
const loadOpen = (system) => {
  loaded.clear();
  holding.clear();
  for (const tag of system.specSelectors.tags())
    if (system.layoutSelectors.isShown(["operations-tag", tag.get("name")], false)) load(tag.get("name"), system);
};

// The filter box leaves the tags whose name holds its text, or whose operations do: those of tags that are not open are known to the server.
const holding = new Map();
const opsFilter = (tags, text) => tags.filter((_, tag) => tag.includes(text) || holding.get(text)?.has(tag));
let typing;
const updateFilter = (original, system) => (text) => {
  const done = original(text);
  clearTimeout(typing);
  if (typeof text === "string" && text !== "" && !holding.has(text)) typing = setTimeout(() => find(text, system), 250);
  return done;
};
const find = async (text, { layoutActions }) => {
  const url = at("tags.json");
  url.searchParams.set("holding", text);
  const answer = await fetch(url, { headers: headersOf(ui?.authSelectors.authorized()) });
  if (!answer.ok) return;
  holding.set(text, new Set(await answer.json()));
  // The page is drawn again.
  layoutActions.show(["holding", text], true);
};

// Each drawing asks for all tags with their operations, which is slow to find out: it is kept while nothing of it has changed.
let tagged = { from: [null] };
const taggedOperations = (original, { layoutSelectors }) => (state, ...given) => {
  const filter = layoutSelectors.currentFilter();
  const from = [state.get("json"), state.get("resolvedSubtrees"), filter, holding.get(filter)];
  if (from.some((one, i) => one !== tagged.from[i])) tagged = { from, operations: original(state, ...given) };
  return tagged.operations;
};

// As YAML, which Swagger UI would take it for, a large table of contents takes seconds to read.
const parseToJson = (original, system) => (text) => {
  try {
    system.specActions.updateJsonSpec(JSON.parse(text || system.specSelectors.specStr()));
  } catch {
    return original(text);
  }
  loadOpen(system);
};

ui = SwaggerUIBundle({
  url: at("outline.json").href,
  domNode: place,
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
  plugins: [
    {
      fn: { resolveSubtree, opsFilter },
      statePlugins: {
        auth: { wrapActions },
        layout: { wrapActions: { show, updateFilter } },
        spec: {
          wrapSelectors: { taggedOperations },
          wrapActions: { parseToJson, updateJsonSpec: (update) => (spec) => update(withoutProviders(withAddresses(spec))) },
        },
      },
    },
  ],
  requestInterceptor: (request) => {
    if (request.loadSpec) Object.assign(request.headers, headersOf(ui?.authSelectors.authorized()));
    return request;
  },
});
`,
);

export const style = assetOf(
  "pages.css",
  `body { margin: 0; background: #fff; color: #0f172a; font: 14px system-ui, sans-serif; }
nav { display: flex; gap: 1.5em; align-items: center; padding: 0.6em 20px; background: #f1f5f9; border-bottom: 1px solid #cbd5e1; }
nav a { color: #1d4ed8; }
nav .push { margin-left: auto; }
main { padding: 20px; overflow: auto; }
main svg { display: block; }
main a:hover text { text-decoration: underline; }
body:has(#fit:checked) main svg { max-width: 100%; height: auto; }
.beside { display: flex; align-items: flex-start; }
.beside main { flex: 1; min-width: 0; }
.beside h1 { margin: 0; font-size: 1.4em; }
aside { position: sticky; top: 0; width: 19em; max-height: 100vh; overflow: auto; padding: 20px 0 20px 20px; box-sizing: border-box; }
aside input { width: 100%; margin: 0.3em 0 1em; padding: 0.4em; font: inherit; box-sizing: border-box; }
aside summary, aside li { overflow-wrap: anywhere; }
aside ul { margin: 0 0 0.6em; padding-left: 1.4em; list-style: none; }
.beside a { color: #1d4ed8; }
a[aria-current] { font-weight: bold; }
#swagger-ui .info hgroup a.link { display: none; }
#swagger-ui main { padding: 0; overflow: visible; }
.n-n { padding: 0 0.3em; background: #fde9c8; border: 1px solid #b45309; }
@media (max-width: 700px) {
  nav { flex-wrap: wrap; gap: 0.6em 1.2em; }
  .beside { display: block; }
  aside { position: static; width: auto; max-height: 40vh; padding: 20px 20px 0; }
}
`,
);
