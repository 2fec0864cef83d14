// For those who have no @types/express: what of Express' request is certain. TypeScript takes a module with a `*` in its name only
// where none of the whole name is found (TypeScript's handbook, «Wildcard module declarations»), so that Express' own types win.
declare module "express-serve-static-cor*" {
  export interface Request extends NodeRequest {
    readonly baseUrl: string;
    readonly originalUrl: string;
    body?: unknown;
    user?: unknown;
    params?: unknown;
  }
  type NodeRequest = import("node:http").IncomingMessage;
}
