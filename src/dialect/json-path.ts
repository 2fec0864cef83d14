// A path into JSON as most databases write it: `$."geo"[0]."lat"`. Every key stands in quotes, with JSON's own escapes.
import type { PathStep } from "../request/json-path.js";

export const jsonPathText = (steps: readonly PathStep[]): string =>
  `$${steps.map((step) => (typeof step === "number" ? `[${step}]` : `.${JSON.stringify(step)}`)).join("")}`;
