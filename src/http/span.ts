// The route's name for OpenTelemetry. Its instrumentation of a framework sees only where sapwood is mounted, as `/api/*`; the one of
// HTTP takes what stands in the request's «RPC metadata» when the answer ends, and names the span by it.

/** Where its API is, whatever the app's version of it («@opentelemetry/api», internal/global-utils.ts). */
const API = Symbol.for("opentelemetry.js.api.1");
/** And the metadata in the context («@opentelemetry/core», trace/rpc-metadata.ts): keys of contexts are such symbols so that copies agree. */
const RPC_METADATA = Symbol.for("OpenTelemetry SDK Context Key RPC_METADATA");

interface OpenTelemetry {
  readonly context?: { active(): { getValue(key: symbol): unknown } };
}

/** `mount` is the path's pattern before the route's own, or makes it of what a framework's instrumentation has put there. */
export function nameSpan(mount: string | ((known: string | undefined) => string), pattern: string): void {
  const api = (globalThis as { readonly [API]?: OpenTelemetry })[API];
  if (api?.context === undefined) return;
  const metadata = api.context.active().getValue(RPC_METADATA) as { route?: string } | undefined;
  if (metadata === undefined) return;
  metadata.route = (typeof mount === "string" ? mount : mount(metadata.route)) + pattern;
}
