// What a run found, as Markdown: for each of sapwood's candidates how many times the requests a second of the others it
// answers, the median of the rounds and their spread; and how its slow answers compare.
import type { Candidate } from "./candidate.js";
import { median, type Ratio, type Rounds, ratio } from "./rounds.js";

export function tableHead(compared: readonly Candidate[]): string {
  const names = compared.flatMap(({ name, against }) => (against === undefined ? [name] : [name, "p99"]));
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [row(["Question", ...names]), row(["---", ...names.map(() => "---")])].join("\n");
}

/** `1.52 (1.47–1.60) · 0.91`: against the same framework by hand, and against the floor. */
export function tableRow(question: string, compared: readonly Candidate[], rounds: Rounds): string {
  const of = (name: string) => rounds.get(name) ?? [];
  const cells = compared.flatMap(({ name, against }) => {
    const floor = rounds.has("floor") ? shown(ratio(of(name), of("floor"))) : "–";
    if (against === undefined) return [floor];
    if (!rounds.has(against)) return [`– · ${floor}`, "–"];
    const slow = ratio(of(name), of(against), ({ p99 }) => p99);
    return [`${shown(ratio(of(name), of(against)))} · ${floor}`, slow.median.toFixed(2)];
  });
  return `| ${[question, ...cells].join(" | ")} |`;
}

const shown = ({ median, least, most }: Ratio): string =>
  `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;

/** The figures behind a row, for the one who measures: they say nothing of another machine. */
export function figures(rounds: Rounds): string {
  const lines = [...rounds].map(([name, measured]) => {
    const rate = Math.round(median(measured.map(({ rate }) => rate))).toLocaleString("en");
    const [p50, p99] = [({ p50 }: { p50: number }) => p50, ({ p99 }: { p99: number }) => p99].map((what) =>
      median(measured.map(what as never)).toFixed(1),
    );
    return `  ${name.padEnd(16)} ${rate.padStart(8)}/s   p50 ${p50} ms   p99 ${p99} ms`;
  });
  return lines.join("\n");
}
