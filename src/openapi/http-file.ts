// The document → an `.http` file, which editors send requests from (https://github.com/JetBrains/http-request-in-editor-spec).
import type { OpenApiDocument } from "./document.js";
import { requestsOf, type SampleRequest } from "./requests.js";

/** Parameters of paths are variables of the file, so that one line chooses a row. */
export function toHttpFile(document: OpenApiDocument, baseUrl: string): string {
  const { requests, note } = requestsOf(document);
  const keys = new Map(
    requests.flatMap(({ parameters }) =>
      parameters.filter((one) => one.in === "path").map(({ name, example }) => [name, example] as const),
    ),
  );
  const variables = [...keys].map(([name, example]) => `@${name} = ${encodeURIComponent(example)}`);
  const head = [
    `# ${oneLine(String(document.info.title))}`,
    ...(note === undefined ? [] : [`# ${note}`]),
    `@baseUrl = ${baseUrl}`,
  ];
  return [...head, ...variables, "", ...requests.map(textOf)].join("\n");
}

function textOf({ name, method, path, body }: SampleRequest): string {
  const lines = [`### ${oneLine(name)}`, `${method} {{baseUrl}}${path.replace(/\{(.*?)\}/g, "{{$1}}")}`];
  if (body !== undefined) lines.push("Content-Type: application/json", "", JSON.stringify(body, null, 2));
  return `${lines.join("\n")}\n`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ");
