// One request to the API and its answer, as react-admin's provider needs them. Throws what react-admin's forms can show.
import { isProblem, type ProblemDocument, ProblemError } from "./problem-error.js";
import { type ResendOptions, resending } from "./resend.js";

/** A refusal whose `body.errors` say each field's fault, as react-admin's forms show them. */
export class RefusedError extends ProblemError {
  readonly body: ProblemDocument & { readonly errors: Readonly<Record<string, unknown>> };

  constructor(status: number, problem: ProblemDocument) {
    super(status, problem);
    this.name = "RefusedError";
    const fields = (problem.errors ?? []).map(({ field, message }) => [field, message] as const);
    const errors = { ...Object.fromEntries(fields), root: { serverError: this.message } };
    this.body = { ...problem, errors } as unknown as RefusedError["body"];
  }
}

export interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Nothing where there is no body. */
  readonly json: unknown;
}

export interface HttpOptions extends ResendOptions {
  /** Of every request, or made anew for each: `() => ({ Authorization: … })`. */
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  /** Are cookies sent to another site's API? As fetch has it. */
  readonly credentials?: NonNullable<RequestInit["credentials"]>;
}

export type ClientAsk = (path: string, sent?: Sent) => Promise<ClientAnswer>;

export function askingAt(url: string, { headers = {}, credentials, ...resend }: HttpOptions): ClientAsk {
  const send = resending(resend);
  const base = url.replace(/\/+$/, "");
  return async (path, { method = "GET", body, headers: own, signal } = {}) => {
    const common = typeof headers === "function" ? headers() : headers;
    const request = new Request(base + path, {
      method,
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...common,
        ...own,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(credentials && { credentials }),
      ...(signal && { signal }),
    });
    const response = await send(request);
    const json = jsonIn(await response.text());
    if (!response.ok) throw new RefusedError(response.status, isProblem(json) ? json : {});
    return { status: response.status, headers: response.headers, json };
  };
}

function jsonIn(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
