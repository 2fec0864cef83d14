// The requests that examples/moving/README.md puts beside those of other tools: each is answered, on the demo.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Demo, makeDemo } from "../../src/cli/demo.js";
import { type Api, createApi } from "../../src/index.js";
import { jsonRequest } from "../support/json-request.js";
import { pageText } from "../support/pages.js";

const chapters = pageText("examples/moving/README.md").split("\n## ").slice(1);

describe.each(chapters.map((text) => ({ tool: text.split("\n")[0], text })))("$tool", ({ text }) => {
  let demo: Demo;
  let api: Api;
  beforeAll(async () => {
    demo = makeDemo();
    api = await createApi(demo.db);
  });
  afterAll(async () => {
    await api.close();
    demo.remove();
  });

  const cells = text.split("\n").map((line) => line.split(/(?<!\\) \| /)[1] ?? "");
  const requests = cells.flatMap((cell) => {
    const [, method, address, body] = /^`([A-Z]+) (\/(?!rpc)\S+)(?: (.+))?`$/.exec(cell) ?? [];
    return method === undefined ? [] : [{ method, address: address as string, body }];
  });

  test("has requests", () => expect(requests.length).toBeGreaterThan(5));

  test.each(requests)("$method $address", async ({ method, address, body }) => {
    const answer = await api.handle(jsonRequest(method, address, body === undefined ? undefined : JSON.parse(body)));
    expect(answer?.status, String(answer?.body)).toBeLessThan(300);
    if (method === "GET") expect(answer?.body).not.toBe("[]");
  });
});
