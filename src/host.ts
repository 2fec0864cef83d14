// The public list of `sapwood/host`: what an adapter for another framework is written with.
export type { Api } from "./api/api.js";
export { type Host, type HostRequest, type HostResponse, openHost } from "./api/host.js";
export { fromFetch, toFetch } from "./api/host-fetch.js";
export { bytesBody, fromNode, nodeBody, writeToNode } from "./api/host-node.js";
export type { Match, RouteMatch } from "./api/match.js";
export type { Mounted } from "./api/mounted.js";
export type { ApiOptions } from "./api/options.js";
export type { ApiRequest, RequestBody } from "./http/message.js";
export type { PageMatch } from "./http/page.js";
export { bodyTooLarge, HttpError, problem, problemResponse } from "./http/problem.js";
export { streamOf } from "./http/stream.js";
export { splitUrl, type Target } from "./http/target.js";
