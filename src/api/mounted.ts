// What the value that a framework mounts offers besides: the API's schema as it is at each moment, and its end.
import type { Api } from "./api.js";

export type Mounted = Pick<
  Api,
  "tree" | "schema" | "schemaState" | "profiles" | "refresh" | "onChange" | "health" | "ready" | "metadata" | "close"
>;

/** Getters, as a copy would go on showing the first tree. */
export const mounted = <T extends object>(value: T, api: Api): T & Mounted =>
  Object.defineProperties(value, {
    tree: { enumerable: true, get: () => api.tree },
    schema: { enumerable: true, get: () => api.schema },
    profiles: { enumerable: true, get: () => api.profiles },
    schemaState: { enumerable: true, get: () => api.schemaState },
    refresh: { enumerable: true, value: () => api.refresh() },
    onChange: { enumerable: true, value: (listener: Parameters<Api["onChange"]>[0]) => api.onChange(listener) },
    health: { enumerable: true, value: () => api.health() },
    ready: { enumerable: true, value: () => api.ready() },
    metadata: { enumerable: true, value: () => api.metadata() },
    close: { enumerable: true, value: () => api.close() },
  }) as T & Mounted;
