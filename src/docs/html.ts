// The pages' HTML. All addresses in it are relative, so that it is right under any prefix and behind any proxy.
import { escapeXml } from "../base/escape-xml.js";

/** What loads nothing from elsewhere, and runs no script but files of this very place. */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** `here` is the page's own name, below which its files are, and `document` the document's address. */
export const swaggerHtml = (here: string, document: string): string =>
  pageHtml(
    "API documentation",
    [`${here}/swagger-ui.css`, `${here}/pages.css`],
    `<nav><a href="${document}">openapi.json</a> <a href="${here}/diagram">Picture of the tables</a></nav>
<div id="swagger-ui" data-document="${document}" data-files="${here}"></div>
<script src="${here}/swagger-ui-bundle.js"></script>
<script src="${here}/start.js"></script>`,
  );

/** The documentation of several databases. */
export const listHtml = (links: readonly { readonly name: string; readonly href: string }[]): string =>
  pageHtml(
    "API documentation",
    [],
    `<h1>API documentation</h1>
<ul>${links.map(({ name, href }) => `<li><a href="${href}">${escapeXml(name)}</a></li>`).join("")}</ul>`,
  );

export const pageHtml = (title: string, styles: readonly string[], body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join("\n")}
</head>
<body>
${body}
</body>
</html>
`;
