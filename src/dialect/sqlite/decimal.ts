// Sums and averages of decimals for SQLite, whose own are sums of doubles: 0.1 + 0.2 must be 0.3. Each value is the decimal that it
// is shown as, and whole numbers do the rest. Results are text, for a double has too few digits for a sum.

interface Sum {
  /** In units of the last digit behind the point. */
  units: bigint;
  scale: number;
  count: bigint;
}

const nothing = (): Sum => ({ units: 0n, scale: 0, count: 0n });

function add(sum: Sum, value: unknown): Sum {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(String(value)) ?? [];
  if (value === null || whole + fraction === "") return sum;
  let scale = fraction.length - Number(exponent);
  let units = BigInt(`${sign}${whole}${fraction}`);
  if (scale < 0) {
    units *= 10n ** BigInt(-scale);
    scale = 0;
  }
  if (scale > sum.scale) {
    sum.units *= 10n ** BigInt(scale - sum.scale);
    sum.scale = scale;
  }
  sum.units += units * 10n ** BigInt(sum.scale - scale);
  sum.count += 1n;
  return sum;
}

function written(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? "-" : ""}${whole}${scale === 0 || fraction === "" ? "" : `.${fraction}`}`;
}

/** NULL where there is no value, as in SQL. */
export const exactSum = {
  start: nothing,
  step: add,
  result: ({ units, scale, count }: Sum): string | null => (count === 0n ? null : written(units, scale)),
};

export const exactSumOf = (...values: readonly unknown[]): string | null =>
  exactSum.result(values.reduce<Sum>(add, nothing()));

/** `divided` by `by` with `scale` digits behind the point, the last one rounded half away from zero. */
export function exactQuotient(divided: unknown, by: unknown, scale: unknown): string | null {
  const { units, scale: digits, count } = add(nothing(), divided);
  if (count === 0n) return null;
  const places = Number(scale);
  const more = Math.max(0, places - digits);
  const numerator = units * 10n ** BigInt(more);
  const denominator = BigInt(by as bigint) * 10n ** BigInt(digits + more - places);
  const half = numerator < 0n ? -denominator : denominator;
  return written((2n * numerator + half) / (2n * denominator), places);
}

/** A sum of 64-bit numbers from the sums of their halves; `about` where some were no whole numbers after all. */
export function exactWhole(high: unknown, low: unknown, about: unknown): string | null {
  if (high === null) return null;
  const whole = BigInt(high as bigint) * 4294967296n + BigInt(low as bigint);
  const off = Math.abs(Number(whole) - Number(about));
  return off <= Math.abs(Number(about)) * 1e-9 ? String(whole) : String(about);
}
