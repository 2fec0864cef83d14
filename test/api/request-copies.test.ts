// Copies of a request: what is said anew, and a signal that nobody asks the host for too early.
import { expect, test } from "vitest";
import { asForwarded } from "../../src/http/forwarded.js";
import { requestFrom, requestWith } from "../../src/http/message.js";

function hosted() {
  const leaving = new AbortController();
  let looks = 0;
  const request = requestFrom(
    {
      ...{ method: "PATCH", path: "/albums/1", query: "a=1", prefix: "/api", raw: "raw", id: "7" },
      header: (name) => (name === "x-forwarded-prefix" ? "/shop" : undefined),
      body: async () => ({ kind: "parsed", value: "sent" }),
    },
    () => {
      looks++;
      return leaving.signal;
    },
  );
  return { request, leaving, looks: () => looks };
}

test("a copy says what is new and all else as before", async () => {
  const { request } = hosted();
  const copy = requestWith(request, { query: "", body: async () => ({ kind: "parsed", value: "changed" }) });
  expect(await copy.body()).toEqual({ kind: "parsed", value: "changed" });
  const { method, path, query, prefix, raw, id } = copy;
  expect({ method, path, query, prefix, raw, id }).toEqual({
    ...{ method: "PATCH", path: "/albums/1", query: "", prefix: "/api", raw: "raw", id: "7" },
  });
  expect(copy.header("x-forwarded-prefix")).toBe("/shop");
  expect(asForwarded(copy).prefix).toBe("/shop/api");
});

test("a copy of a copy hears that the client has left, and asks the host only when it is looked at", () => {
  const { request, leaving, looks } = hosted();
  const copy = requestWith(asForwarded(request), { query: "" });
  expect(looks()).toBe(0);
  leaving.abort();
  expect(copy.signal?.aborted).toBe(true);
  expect(looks()).toBe(1);
});
