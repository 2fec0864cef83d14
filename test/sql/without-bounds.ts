// A statement's text without what looks for rows and lists that are too long, so that what it asks for can be read. That these
// do what they are for is test/api/answer-size.test.ts's business.
export const withoutBounds = (text: string): string =>
  text
    .replace(/CASE WHEN octet_length\((\w)\) > \d+ THEN json\(substr\('\?' \|\| \1, 1, 1\)\) ELSE \1 END/g, "$1")
    .replace(
      /CASE WHEN (json_agg\((?:row_to_json\(r\.\*\)|r\.object)\)) IS NULL THEN '\[\]' WHEN octet_length\(\1::text\) <= \d+ THEN \1 ELSE E'\\t\\r\\t0'::json END/g,
      "coalesce($1, '[]')",
    );
