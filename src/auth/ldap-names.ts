// Names on their way into a directory's filters and distinguished names, where their characters must mean nothing.

/** RFC 4515, 3: everything that a filter knows, and whatever is beyond ASCII, by its bytes. */
export const inFilter = (text: string): string =>
  [...Buffer.from(text)].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `\\${hex(byte)}`)).join("");

/** RFC 4514, 2.4: the same for a value in a distinguished name. */
export const inDn = inFilter;

const isPlain = (byte: number): boolean => /[\w.@-]/.test(String.fromCharCode(byte)) && byte < 0x80;

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");

/** The text with its `{name}`s filled in. */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : whole,
  );

/** As distinguished names are compared here: without regard to case, and to blanks between their parts. */
export const plainDn = (dn: string): string =>
  dn
    .toLowerCase()
    .replace(/\s*([,=+])\s*/g, "$1")
    .trim();

/**
 * A name as one would type it. Directories take many texts for one name (RFC 4518): blanks at an end, characters that are not
 * seen. Each would be counted as another name, and could be tried as often.
 */
export function loginName(username: string): string | undefined {
  const name = username.normalize("NFKC").toLowerCase();
  const isPlainName = name.length <= 200 && /^[\p{L}\p{N}\p{P}\p{S}]+( [\p{L}\p{N}\p{P}\p{S}]+)*$/u.test(name);
  return isPlainName ? name : undefined;
}
