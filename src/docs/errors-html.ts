// The page that problems lead to: every code, its status and what it means.
import { problems } from "../http/problem.js";
import { pageHtml } from "./html.js";

/** Each code is an anchor: `errors#unknown_column`. `here` is the name of the page that this one is below. */
export const errorsHtml = (here: string): string =>
  pageHtml(
    "Errors",
    [`../${here}/pages.css`],
    `<nav><a href="../${here}">API documentation</a></nav>
<h1>Errors</h1>
<p>Every error is a problem document (RFC 9457). Its <code>code</code> is one of these and does not change; its <code>detail</code> says what is wrong and what to try.</p>
<dl>
${Object.entries(problems)
  .map(([code, [status, title]]) => `<dt id="${code}"><code>${code}</code> ${status}</dt><dd>${title}.</dd>`)
  .join("\n")}
</dl>`,
  );
