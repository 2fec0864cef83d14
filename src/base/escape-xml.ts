// Any text → text that means nothing to XML and HTML, within elements and within quoted attributes.

/** XML 1.0 has no place for control characters and lone surrogates: a sign stands for each. */
export const escapeXml = (text: string): string =>
  text
    .replace(/\s/g, " ")
    .replace(/[^\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
