import { describe, expect, test } from "vitest";
import { below, splitUrl } from "../../src/http/target.js";
import { toPrefix } from "../../src/server/serve.js";

describe("a request target", () => {
  test.each([
    ["/api/albums", "/api/albums", ""],
    ["/api/albums?name=a%20b?c", "/api/albums", "name=a%20b?c"],
    ["/api/albums?", "/api/albums", ""],
    ["/a%2Fb", "/a%2Fb", ""],
    ["//api/albums", "//api/albums", ""],
    ["http://host:80/api?x=1", "/api", "x=1"],
    ["http://host", "/", ""],
    ["*", "*", ""],
  ])("%s", (url, path, query) => {
    expect(splitUrl(url)).toEqual({ path, query });
  });
});

describe("what stands below /api", () => {
  test.each([
    ["/api/albums/1", "/albums/1"],
    ["/api/", "/"],
    ["/api", "/"],
    ["/apiary", undefined],
    ["/API/albums", undefined],
    ["/", undefined],
  ])("%s", (path, rest) => {
    expect(below("/api", path)).toBe(rest);
  });
});

describe("--prefix", () => {
  test.each([
    ["api", "/api"],
    ["/api/", "/api"],
    ["/v1/data", "/v1/data"],
    ["/", ""],
    ["", ""],
    ["/über", "/%C3%BCber"],
  ])("'%s' is '%s'", (text, prefix) => {
    expect(toPrefix(text)).toBe(prefix);
  });

  test.each(["/a?b", "/a#b", "/a b"])("'%s' is refused", (text) => {
    expect(() => toPrefix(text)).toThrow(/such as \/api/);
  });
});
