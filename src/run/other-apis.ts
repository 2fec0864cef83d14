// The APIs of a server's other databases, as hooks have them.
import type { ApiRequest, ApiResponse } from "../http/message.js";

export interface OtherApi {
  /**
   * Answers a request in this process, with the rights of whoever its headers name; `undefined` when no route has its path.
   * `jsonRequest` makes one.
   */
  handle(request: ApiRequest): Promise<ApiResponse | undefined>;
}

/** By their names. One that is still being opened is not there yet. */
export type OtherApis = Readonly<Record<string, OtherApi>>;
