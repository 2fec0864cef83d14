// The table of settings in src/cli/README.md, as the code's one list makes it.

import type { CliSetting } from "../../src/cli/setting.js";
import { flagOf, places, settings, variableOf } from "../../src/cli/settings.js";

/** The lines of the table, without its head. */
export const settingsTable = (): string =>
  [
    `| \`db\`, \`databases\` | \`<db>\`, \`${places.db.flag}\` | \`DATABASE_URL\`, \`${places.db.variable}\` | | [one database or several](../server/README.md#several-databases) |`,
    `| | \`${places.config.flag}\` | \`${places.config.variable}\` | \`sapwood.config.js\` or \`.json\` | the [config file](../server/README.md#the-config-file) |`,
    `| | \`${places.envFile.flag}\` | | \`.env\` | the [env file](../server/README.md#variables-and-secrets-in-files) |`,
    ...settings.map(rowOf),
  ].join("\n");

function rowOf(setting: CliSetting): string {
  const { name, kind, text, default: value } = setting;
  const flag = kind.argument === undefined ? flagOf(setting) : `${flagOf(setting)} <${kind.argument}>`;
  const cells = [`\`${name}\``, `\`${flag}\``, `\`${variableOf(setting)}\``, String(value), text];
  return `| ${cells.join(" | ")} |`;
}
