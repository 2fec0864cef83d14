// A request without a framework, as `api.handle` takes it.
import type { ApiRequest } from "../../src/http/message.js";

export const asked = (method: string, path: string): ApiRequest => ({
  method,
  path,
  query: "",
  prefix: "",
  header: () => undefined,
  body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }),
  raw: undefined,
});
