// What a property is made of.

import type { Api } from "../../src/api/api.js";
import type { fc } from "../support/any.js";
import type { World } from "./evaluate.js";

/** Random cases in a world, what the API makes of one and what it must make of it; `told` is for who reads a failure. */
export interface Property<T> {
  readonly any: (world: World) => fc.Arbitrary<T>;
  readonly found: (api: Api, one: T) => Promise<unknown>;
  readonly wanted: (world: World, one: T) => unknown;
  readonly told: (one: T) => string;
}
