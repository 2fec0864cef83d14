// A page of an API beside its routes: signing in, the documents. Found by its path, and answered by itself.
import type { ApiRequest, ApiResponse } from "./message.js";

export interface PageMatch {
  readonly type: "page";
  /** Its path, or the pattern of its path. */
  readonly pattern: string;
  page(request: ApiRequest): ApiResponse | Promise<ApiResponse>;
}
