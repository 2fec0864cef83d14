// One setting of the program, from which its flag, its variable, its key in the config file and its row in the help are made.
import type { ServeSettings } from "../server/serve.js";
import type { SettingKind } from "./kinds.js";

export interface CliSetting {
  /** The key in the config file; flag and variable are made of it: `--tls-key`, `SAPWOOD_TLS_KEY`. */
  readonly name: keyof ServeSettings & string;
  readonly kind: SettingKind;
  /** In a few words: what it is. */
  readonly text: string;
  /** What holds where nobody says anything, for people to read. */
  readonly default: string | number;
}
