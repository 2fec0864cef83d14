// Bytes → their media type, by the signatures that files begin with (https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern).
// What a browser could run (HTML, SVG, scripts) is not among them.

interface Signature {
  readonly type: string;
  /** Latin-1 texts, and where each of them stands. */
  readonly marks: readonly (readonly [at: number, text: string])[];
}

export const UNKNOWN_TYPE = "application/octet-stream";

const starts = (type: string, ...texts: readonly string[]): Signature[] =>
  texts.map((text) => ({ type, marks: [[0, text]] }));

const signatures: readonly Signature[] = [
  ...starts("image/png", "\x89PNG\r\n\x1a\n"),
  ...starts("image/jpeg", "\xff\xd8\xff"),
  ...starts("image/gif", "GIF87a", "GIF89a"),
  ...starts("image/bmp", "BM"),
  ...starts("image/tiff", "II*\0", "MM\0*"),
  ...starts("application/pdf", "%PDF-"),
  ...starts("application/zip", "PK\x03\x04"),
  ...starts("application/gzip", "\x1f\x8b\x08"),
  ...starts("audio/mpeg", "ID3"),
  ...starts("audio/flac", "fLaC"),
  ...starts("application/ogg", "OggS"),
  ...starts("video/webm", "\x1a\x45\xdf\xa3"),
  {
    type: "image/webp",
    marks: [
      [0, "RIFF"],
      [8, "WEBP"],
    ],
  },
  {
    type: "audio/wav",
    marks: [
      [0, "RIFF"],
      [8, "WAVE"],
    ],
  },
  { type: "image/avif", marks: [[4, "ftypavif"]] },
  { type: "image/heic", marks: [[4, "ftypheic"]] },
  { type: "video/mp4", marks: [[4, "ftyp"]] },
];

/** `application/octet-stream` for what is not known. */
export function mediaTypeOf(bytes: Buffer): string {
  const start = bytes.toString("latin1", 0, 16);
  return signatures.find(({ marks }) => marks.every(([at, text]) => start.startsWith(text, at)))?.type ?? UNKNOWN_TYPE;
}
