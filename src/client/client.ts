// `sapwood/client`: openapi-fetch with the types of `sapwood types`, and what an API of sapwood's offers beside: pages by `Link`,
// 503 with `Retry-After`, and `Idempotency-Key`. Runs in browsers too.
import createOpenApiClient, {
  type Client,
  type ClientOptions,
  type ClientPathsWithMethod,
  type MaybeOptionalInit,
  type MethodResponse,
} from "openapi-fetch";
import { nextQuery } from "./next-link.js";
import { isProblem, ProblemError } from "./problem-error.js";
import { type ResendOptions, resending } from "./resend.js";

export { type ProblemDocument, ProblemError } from "./problem-error.js";
export { type ResendOptions, resending } from "./resend.js";

export interface SapwoodClientOptions extends Omit<ClientOptions, "fetch">, ResendOptions {}

/** Every path that is read, as `sapwood types` names it. */
type Read<Paths extends {}> = ClientPathsWithMethod<Client<Paths>, "get">;

/** What a list answers: an array, or an envelope with `items`. */
type Page<Paths extends {}, Path extends Read<Paths>> = MethodResponse<Client<Paths>, "get", Path>;

type RowOf<Answer> = Answer extends readonly (infer Row)[]
  ? Row
  : Answer extends { readonly items?: readonly (infer Row)[] }
    ? Row
    : never;

/** What openapi-fetch takes of a path; nothing needs to be said where nothing is required. */
type Asked<Paths extends {}, Path extends keyof Paths> =
  undefined extends MaybeOptionalInit<Paths[Path], Extract<"get", keyof Paths[Path]>>
    ? [init?: MaybeOptionalInit<Paths[Path], Extract<"get", keyof Paths[Path]>>]
    : [init: MaybeOptionalInit<Paths[Path], Extract<"get", keyof Paths[Path]>>];

export interface SapwoodClient<Paths extends {}> extends Client<Paths> {
  /** A list page by page, as `Link` leads on. The next one is asked for when it is wanted. Throws a `ProblemError`. */
  pages<Path extends Read<Paths>>(
    path: Path,
    ...init: Asked<Paths, Path & keyof Paths>
  ): AsyncIterable<Page<Paths, Path>>;
  /** The same row by row. */
  rows<Path extends Read<Paths>>(
    path: Path,
    ...init: Asked<Paths, Path & keyof Paths>
  ): AsyncIterable<RowOf<Page<Paths, Path>>>;
}

/** A client of the API at `baseUrl`: `createClient<paths>({ baseUrl: "http://127.0.0.1:3000/api" })`. */
export function createClient<Paths extends {}>({
  retries,
  maxWait,
  idempotencyKey,
  fetch,
  ...options
}: SapwoodClientOptions = {}): SapwoodClient<Paths> {
  const said: ResendOptions = Object.fromEntries(
    Object.entries({ retries, maxWait, idempotencyKey, fetch }).filter(([, value]) => value !== undefined),
  );
  const client = createOpenApiClient<Paths>({ ...options, fetch: resending(said) });
  return Object.assign(client, {
    pages: (path: string, init?: object) => pagesOf(client as unknown as Getting, path, init),
    rows: (path: string, init?: object) => rowsOf(client as unknown as Getting, path, init),
  }) as unknown as SapwoodClient<Paths>;
}

/** As much of a client as pages need, whatever its paths are. */
interface Getting {
  GET(
    path: string,
    init: object,
  ): Promise<{ readonly data?: unknown; readonly error?: unknown; readonly response: Response }>;
}

async function* pagesOf(client: Getting, path: string, init: object = {}): AsyncGenerator<unknown, void> {
  let query: string | undefined;
  do {
    // The link's query as it is: it says what was asked for at first, and where to go on.
    const text = query;
    const asked = text === undefined ? init : { ...init, querySerializer: () => text };
    const { data, error, response } = await client.GET(path, asked);
    if (!response.ok) throw new ProblemError(response.status, isProblem(error) ? error : {});
    yield data;
    query = nextQuery(response.headers.get("link"));
  } while (query !== undefined);
}

async function* rowsOf(client: Getting, path: string, init?: object): AsyncGenerator<unknown, void> {
  for await (const page of pagesOf(client, path, init)) yield* itemsOf(page, path);
}

/** The types forbid what is no list; JavaScript would take it for an empty one. */
function itemsOf(page: unknown, path: string): readonly unknown[] {
  const items: unknown = isEnvelope(page) ? page.items : page;
  if (!Array.isArray(items))
    throw new TypeError(`${path} answered no list, so it has no rows. GET("${path}") reads it.`);
  return items;
}

const isEnvelope = (page: unknown): page is { readonly items: unknown } =>
  typeof page === "object" && page !== null && "items" in page;
