// Several choices, one after the other → all ways to choose: those that change the last choice first.

/** The first `most` of them. No more are ever made, as their number is a product. */
export function combinations<T>(choices: readonly (readonly T[])[], most: number): T[][] {
  return choices.reduce<T[][]>(
    (ways, choice) => ways.flatMap((way) => choice.map((one) => [...way, one])).slice(0, most),
    [[]],
  );
}
