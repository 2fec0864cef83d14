// How far a document goes into the tree: as deep as its operations are no more than it may have.
import type { RouteNode, RouteTree } from "../routes/tree.js";

export interface Reach {
  /** The most tables that a path names. */
  readonly tables: number;
  readonly leftOut: number;
  readonly operations: number;
  readonly most: number;
}

/** Those of one table stay however many they are. */
export function reachOf({ root }: RouteTree, most: number): Reach {
  const counts = operationsByTables(root);
  const operations = counts.reduce((sum, count) => sum + count, 0);
  let tables = counts.length - 1;
  let leftOut = 0;
  for (; tables > 1 && operations - leftOut > most; tables--) leftOut += counts[tables] as number;
  return { tables, leftOut, operations, most };
}

export const leftOutIn = ({ tables, leftOut, operations, most }: Reach): string =>
  `Of ${count(operations)} operations ${count(leftOut)} are left out here, those whose path names more than ${tables === 1 ? "one table" : `${tables} tables`}: they work as the others do (maxOperations is ${count(most)}).`;

const count = (number: number): string => number.toLocaleString("en");

/** How many there are whose paths name no table, one, two and so on. */
function operationsByTables(root: RouteNode): number[] {
  const counts = [0, 0];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const tables = countTables(node);
    counts[tables] = (counts[tables] ?? 0) + Object.keys(node.routes).length;
    for (const next of nextOf(node)) waiting.push(next);
  }
  return Array.from(counts, (count = 0) => count);
}

/** Of a place that is only a part of longer paths, none. */
export function countTables({ routes }: RouteNode): number {
  for (const method in routes)
    return (routes[method as keyof typeof routes] as { steps: readonly unknown[] }).steps.length;
  return 0;
}

/** In the order of the tree. */
export const nextOf = ({ literals, param }: RouteNode): RouteNode[] => [
  ...Object.values(literals),
  ...(param === undefined ? [] : [param.node]),
];
