// A JSON Patch (RFC 6902) on a document that is nobody else's, as it was read: long numbers keep every digit.
import { isLosslessNumber, stringify } from "lossless-json";
import { excerpt } from "../base/suggest.js";
import { turnOver } from "../base/turn.js";
import { type HttpError, problem } from "../http/problem.js";
import { copyOfBody } from "../request/body.js";
import type { PatchStep, Pointer } from "../request/patch.js";
import { isSameNumber } from "./same-as-shown.js";

export type JsonObject = Record<string, unknown>;

/**
 * Changes the document. Throws 409 `patch_conflict` for an operation that does not fit it, and 400 `too_complex` where copies
 * have more than `room` characters together: each could be twice as long as the one before. Others have their turn between
 * operations: each may go through a long array.
 */
export async function applyPatch(steps: readonly PatchStep[], document: JsonObject, room: number): Promise<void> {
  let left = room;
  for (const [index, step] of steps.entries()) {
    await turnOver();
    const patching = new Patching(document, index);
    if (step.op === "copy") left -= (stringify(patching.valueAt(step.from)) as string).length;
    if (left < 0) throw problem("too_complex", `Copies have at most ${room} characters together here.`, { index });
    applyStep(step, patching);
  }
}

function applyStep(step: PatchStep, patching: Patching): void {
  const { op, path } = step;
  if (op === "add") patching.add(path, copyOfBody(step.value));
  else if (op === "replace") patching.replace(path, copyOfBody(step.value));
  else if (op === "copy") patching.add(path, copyOfBody(patching.valueAt(step.from)));
  else if (op === "move") patching.add(path, patching.taken(step.from));
  else if (op === "remove") patching.taken(path);
  else if (!isEqual(patching.valueAt(path), step.value)) throw patching.conflict(path, "is not what test says");
}

/** One operation. */
class Patching {
  constructor(
    private readonly document: JsonObject,
    private readonly index: number,
  ) {}

  valueAt(pointer: Pointer): unknown {
    let value: unknown = this.document;
    for (const name of pointer) value = this.#within(value, name, pointer);
    return value;
  }

  add(pointer: Pointer, value: unknown): void {
    const [holder, name] = this.#place(pointer);
    if (Array.isArray(holder)) {
      const at = name === "-" ? holder.length : this.#position(holder, name, pointer, holder.length);
      holder.splice(at, 0, value);
    } else set(holder, name, value);
  }

  /** Takes the value away. */
  taken(pointer: Pointer): unknown {
    const value = this.valueAt(pointer);
    const [holder, name] = this.#place(pointer);
    if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else delete holder[name];
    return value;
  }

  replace(pointer: Pointer, value: unknown): void {
    this.valueAt(pointer);
    const [holder, name] = this.#place(pointer);
    if (Array.isArray(holder)) holder[Number(name)] = value;
    else set(holder, name, value);
  }

  conflict(pointer: Pointer, what: string): HttpError {
    const path = pointer.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    return problem("patch_conflict", `[${this.index}]: ${excerpt(path)} ${what}.`, { index: this.index });
  }

  /** What holds the value, and by which name. */
  #place(pointer: Pointer): [JsonObject | unknown[], string] {
    let holder: unknown = this.document;
    for (const name of pointer.slice(0, -1)) holder = this.#within(holder, name, pointer);
    if (!isHolder(holder)) throw this.conflict(pointer, "is in nothing that has members");
    return [holder, pointer.at(-1) as string];
  }

  #within(holder: unknown, name: string, pointer: Pointer): unknown {
    if (Array.isArray(holder)) return holder[this.#position(holder, name, pointer, holder.length - 1)];
    if (isHolder(holder) && Object.hasOwn(holder, name)) return holder[name];
    throw this.conflict(pointer, "is not there");
  }

  #position(array: readonly unknown[], name: string, pointer: Pointer, most: number): number {
    const at = /^(0|[1-9]\d{0,15})$/.test(name) ? Number(name) : -1;
    if (at >= 0 && at <= most) return at;
    throw this.conflict(pointer, `is no place in an array of ${array.length}`);
  }
}

const isHolder = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !isLosslessNumber(value);

/** A member of any name, `__proto__` too. */
function set(holder: JsonObject, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}

/** RFC 6902, 4.6: numbers by what they are, members in any order. */
function isEqual(one: unknown, other: unknown): boolean {
  if (isNumber(one) || isNumber(other)) return isNumber(one) && isNumber(other) && isSameNumber(one, other);
  if (!isHolder(one) || !isHolder(other)) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  );
}

const isNumber = (value: unknown): boolean => typeof value === "number" || isLosslessNumber(value);
