// Is a condition true of a row? As in SQL it may be neither true nor false (`undefined`) where a NULL stands.
import type { Condition, Test } from "./query.js";
import { isLogic } from "./query.js";
import type { Kind } from "./schema.js";
import { compare, exactOf, textOf, type Value } from "./value.js";

/** What a condition looks at: a row's values by name, and the same of rows behind a relation. */
export interface Subject {
  value(name: string): Value;
  kind(name: string): Kind;
  related(relation: string): readonly Subject[];
}

type Truth = boolean | undefined;

export const meets = (subject: Subject, conditions: readonly Condition[]): boolean =>
  conditions.every((condition) => truth(subject, condition) === true);

const turn = (turned: boolean, value: Truth): Truth => (turned && value !== undefined ? !value : value);

function truth(subject: Subject, condition: Condition): Truth {
  if (!isLogic(condition)) return truthOfTest(subject, condition);
  const all = condition.of.map((one) => truth(subject, one));
  const decisive = condition.logic === "or";
  const value = all.includes(decisive) ? decisive : all.includes(undefined) ? undefined : !decisive;
  return turn(condition.not, value);
}

/** Through relations: is there a row of which it is true? */
function truthOfTest(subject: Subject, test: Test): Truth {
  const [relation, ...path] = test.path;
  if (relation !== undefined)
    return subject.related(relation).some((other) => truthOfTest(other, { ...test, path }) === true);
  return turn(test.not, holds(subject.value(test.column), test, subject.kind(test.column)));
}

function holds(value: Value, { operator, operands }: Test, kind: Kind): Truth {
  if (operator === "is") return (value === null) === (operands[0] === "null");
  // An empty list is a matter of no value.
  if (operands.length === 0) return operator === "nin";
  if (value === null) return undefined;
  const others = operands.map((text) => readAs(text, kind));
  const [first = null, second = null] = others;
  const text = textOf(value);
  const [pattern = ""] = operands;
  switch (operator) {
    case "eq":
      return compare(value, first) === 0;
    case "ne":
      return compare(value, first) !== 0;
    case "lt":
      return compare(value, first) < 0;
    case "lte":
    case "le":
      return compare(value, first) <= 0;
    case "gt":
      return compare(value, first) > 0;
    case "gte":
    case "ge":
      return compare(value, first) >= 0;
    case "in":
      return others.some((other) => compare(value, other) === 0);
    case "nin":
      return !others.some((other) => compare(value, other) === 0);
    case "between":
      return compare(first, value) <= 0 && compare(value, second) <= 0;
    case "like":
      return isLike([...text], tokensOf(pattern));
    case "ilike":
      return isLike([...text.toLowerCase()], tokensOf(pattern.toLowerCase()));
    case "contains":
      return text.includes(pattern);
    case "startswith":
      return text.startsWith(pattern);
    case "endswith":
      return text.endsWith(pattern);
    default:
      throw new Error(`The model knows no operator ${operator}.`);
  }
}

function readAs(text: string, kind: Kind): Value {
  if (kind === "boolean") return text === "true";
  if (kind !== "integer" && kind !== "decimal" && kind !== "float") return text;
  return exactOf(text);
}

type Token = "any" | "one" | { readonly is: string };

/** `\` takes the next character as it is. */
function tokensOf(pattern: string): Token[] {
  const found = pattern.match(/\\.|./gsu) ?? [];
  return found.map((text) => (text === "%" ? "any" : text === "_" ? "one" : { is: [...text].at(-1) as string }));
}

function isLike(text: readonly string[], [token, ...tokens]: readonly Token[]): boolean {
  if (token === undefined) return text.length === 0;
  const [first, ...rest] = text;
  if (token === "any") return isLike(text, tokens) || (first !== undefined && isLike(rest, [token, ...tokens]));
  return first !== undefined && (token === "one" || token.is === first) && isLike(rest, tokens);
}
