// The parts of the Model Context Protocol's official SDK that are used here. It is an optional package.

/** A tool's call as the SDK hands it over. It is not checked yet. */
export interface ToolCall {
  readonly params: { readonly name: string; readonly arguments?: Readonly<Record<string, unknown>> };
}

/** What it puts beside a call. */
export interface CallExtra {
  readonly signal?: AbortSignal;
}

export interface McpServer {
  setRequestHandler(schema: unknown, handler: (call: ToolCall, extra: CallExtra) => Promise<object> | object): void;
  connect(transport: unknown): Promise<void>;
  close(): Promise<void>;
  onclose?: (() => void) | undefined;
}

/** A transport for web requests, one at a time. */
export interface HttpTransport {
  handleRequest(request: Request, options?: { readonly parsedBody?: unknown }): Promise<Response>;
}

export interface Sdk {
  readonly Server: new (info: object, options: object) => McpServer;
  readonly ListToolsRequestSchema: unknown;
  readonly CallToolRequestSchema: unknown;
}

const PACKAGE = "@modelcontextprotocol/sdk";

/** Throws an `Error` of one line that names the package, where it is not installed. */
async function load(path: string): Promise<object> {
  try {
    return (await import(`${PACKAGE}/${path}`)) as object;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(`MCP needs the package ${PACKAGE}: npm install ${PACKAGE}`, { cause: error });
  }
}

export const loadSdk = async (): Promise<Sdk> => ({
  ...((await load("server/index.js")) as Pick<Sdk, "Server">),
  ...((await load("types.js")) as Omit<Sdk, "Server">),
});

/** Reads stdin and writes stdout. */
export async function stdioTransport(): Promise<unknown> {
  const { StdioServerTransport } = (await load("server/stdio.js")) as {
    readonly StdioServerTransport: new () => unknown;
  };
  return new StdioServerTransport();
}

/** Serves one request: no session is kept, and the answer is one JSON text. */
export async function httpTransport(): Promise<HttpTransport> {
  const { WebStandardStreamableHTTPServerTransport: Transport } = (await load(
    "server/webStandardStreamableHttp.js",
  )) as { readonly WebStandardStreamableHTTPServerTransport: new (options: object) => HttpTransport };
  return new Transport({ sessionIdGenerator: undefined, enableJsonResponse: true });
}
