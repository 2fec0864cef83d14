// The forms of texts that casts read, as regular expressions that PostgreSQL, ICU, PCRE and RE2 take alike: no backslash in them.
import type { Dialect } from "./dialect.js";
import type { TextForm } from "./parts/casts.js";

const LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
const MONTH_AND_DAY =
  "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
const DAY = `(?:${LEAP}-02-29|[0-9]{4}-${MONTH_AND_DAY})`;
const CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?";

const forms: Readonly<Record<TextForm, string>> = {
  number: "-?(?:0|[1-9][0-9]{0,27})(?:[.][0-9]{1,20})?",
  whole: "-?(?:0|[1-9][0-9]{0,17})(?:[.][0-9]{1,40})?",
  day: DAY,
  clock: CLOCK,
  moment: `${DAY}[T ]${CLOCK}(?:Z|[+]00:00)?`,
  true: "(?:1|[tT](?:[rR][uU][eE])?|[yY][eE][sS]|[oO][nN])",
  false: "(?:0|[fF](?:[aA][lL][sS][eE])?|[nN][oO]|[oO][fF][fF])",
};

/** By the database's regular expressions. In some of them `$` is also before a line break at the end: so the text has an end of its own. */
export const formsBy =
  (matches: NonNullable<Dialect["matching"]>["text"]): Dialect["hasForm"] =>
  (text, form) =>
    matches(`CONCAT(${text}, '|')`, `'^(?:${forms[form]})[|]$'`, true);
