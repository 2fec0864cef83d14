// What has changed for the API's clients → its text, and the exit code that a pipeline goes by.
import { Option } from "commander";
import { type RouteChange, type Severity, severities } from "../routes/change.js";

/** 1 is the command's own failure, as everywhere. */
const exitCodes: Readonly<Record<Severity, number>> = { breaking: 2, "may break": 3, new: 4 };

/** What `--fail-on` takes: the mildest change that is not 0. */
const failures: Readonly<Record<string, readonly Severity[]>> = {
  breaking: ["breaking"],
  "may-break": ["breaking", "may break"],
  new: severities,
  never: [],
};

export const failOn = (): Option =>
  new Option("--fail-on <severity>", "the mildest change whose exit code is not 0")
    .choices(Object.keys(failures))
    .default("may-break");

/** By the worst change, and the word that `--fail-on` was given. */
export const exitCodeOf = (severity: Severity | undefined, failOn: string): number =>
  severity !== undefined && failures[failOn]?.includes(severity) ? exitCodes[severity] : 0;

const titles: Readonly<Record<Severity, string>> = {
  breaking: "Breaks clients",
  "may break": "May break some",
  new: "Is new",
};

export function printChanges(changes: readonly RouteChange[]): string {
  if (changes.length === 0) return "Nothing has changed for the API's clients.";
  const width = Math.max(...changes.map(({ at }) => at.length));
  const parts = severities.flatMap((severity) => {
    const own = changes.filter((change) => change.severity === severity);
    if (own.length === 0) return [];
    return [
      [`${titles[severity]} (${own.length})`, ...own.map(({ at, text }) => `  ${at.padEnd(width)}  ${text}`)].join(
        "\n",
      ),
    ];
  });
  return parts.join("\n\n");
}
