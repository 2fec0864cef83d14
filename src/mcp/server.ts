// The tools of an API as a server of the Model Context Protocol: over stdin and stdout, or an HTTP request at a time.
import { isRefusal, type Talk } from "./ask.js";
import { httpTransport, loadSdk, type McpServer, stdioTransport } from "./sdk.js";
import { Refused, toolsFor } from "./tools.js";

const INSTRUCTIONS =
  "A database's tables as REST resources. Look around with list_tables and describe_table, then read with query. A refusal says what was wrong and what to try.";

/** `version` is the program's. Rejects where the SDK is not installed. */
async function serverOf(talk: Talk, version: string): Promise<McpServer> {
  const { Server, ListToolsRequestSchema, CallToolRequestSchema } = await loadSdk();
  const info = { name: "sapwood", version };
  const server = new Server(info, { capabilities: { tools: {} }, instructions: INSTRUCTIONS });
  const tools = toolsFor(talk.writes);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(({ run: _, ...tool }) => tool) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: given = {} } }, { signal }) => {
    const tool = tools.find((one) => one.name === name);
    if (tool === undefined) return refused(`There is no tool '${name.slice(0, 60)}'.`);
    try {
      return said(await tool.run(given, talk, signal));
    } catch (error) {
      if (error instanceof Refused || isRefusal(error)) return refused(error.message);
      talk.logger.error({ err: error, tool: name }, "tool failed");
      return refused("Something went wrong in the server: its log says more.");
    }
  });
  return server;
}

const said = (text: string) => ({ content: [{ type: "text", text }] });
const refused = (text: string) => ({ ...said(text), isError: true });

/** Answers on stdout until stdin ends. */
export async function talkOverStdio(talk: Talk, version: string): Promise<void> {
  const server = await serverOf(talk, version);
  const ended = new Promise<void>((resolve) => {
    server.onclose = resolve;
    process.stdin.once("end", resolve).once("close", resolve);
  });
  await server.connect(await stdioTransport());
  await ended;
  await server.close();
}

/** One message and its answer. */
export async function answerOverHttp(
  request: Request,
  message: unknown,
  talk: Talk,
  version: string,
): Promise<Response> {
  const [server, transport] = await Promise.all([serverOf(talk, version), httpTransport()]);
  await server.connect(transport);
  try {
    return await transport.handleRequest(request, { parsedBody: message });
  } finally {
    await server.close();
  }
}
