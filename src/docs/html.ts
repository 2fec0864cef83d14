// The pages' HTML. All addresses in it are relative, so that it is right under any prefix and behind any proxy.
import { escapeXml } from "../base/escape-xml.js";
import type { Profile } from "../routes/tree.js";

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
export const swaggerHtml = (here: string, document: string, profile?: Profile): string =>
  pageHtml(
    "API documentation",
    [`${here}/swagger-ui.css`, `${here}/pages.css`],
    `<nav><a href="${document}${profileQuery(profile)}">openapi.json</a> <a href="${here}/diagram${profileQuery(profile)}">Picture of the tables</a>${profileLinks(here, profile)}</nav>
<div id="swagger-ui" data-document="${document}" data-files="${here}"${profile === undefined ? "" : ` data-profile="${escapeXml(profile.name)}"`}></div>
<script src="${here}/swagger-ui-bundle.js"></script>
<script src="${here}/start.js"></script>`,
  );

/** What stands behind a page's address, so that it is the same profile's: nothing where there are none. In an attribute as it is. */
export const profileQuery = (profile: Profile | undefined, first = "?"): string =>
  profile === undefined ? "" : `${first}profile=${encodeURIComponent(profile.name)}`;

/** To the same page of each profile. */
export const profileLinks = (address: string, profile: Profile | undefined): string =>
  profile === undefined
    ? ""
    : ` <span>Profiles: ${profile.all
        .map((name) => {
          const current = name === profile.name ? ' aria-current="page"' : "";
          return `<a href="${address}${profileQuery({ ...profile, name })}"${current}>${escapeXml(name)}</a>`;
        })
        .join(" ")}</span>`;

/** The pages of several databases. */
export const listHtml = (title: string, links: readonly { readonly name: string; readonly href: string }[]): string =>
  pageHtml(
    title,
    [],
    `<h1>${title}</h1>
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
