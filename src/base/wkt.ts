// Well-known text of geometries (OGC 06-103r4, 7) ↔ their shapes and coordinates as data. Numbers stay the text that they were.

export const shapes = [
  "point",
  "linestring",
  "polygon",
  "multipoint",
  "multilinestring",
  "multipolygon",
  "geometrycollection",
] as const;
export type Shape = (typeof shapes)[number];

/** The coordinates of one position, as JSON spells numbers: two to four. */
export type WktPosition = readonly string[];
/** Lists of positions, as deep as the shape needs. An empty shape has none. */
export type Coordinates = WktPosition | readonly Coordinates[];

export type Geometry =
  | {
      readonly shape: Exclude<Shape, "geometrycollection">;
      readonly isMeasured?: true;
      readonly coordinates: Coordinates;
    }
  | { readonly shape: "geometrycollection"; readonly members: readonly Geometry[] };

/** How many lists stand around a position. */
export const depthOf: Readonly<Record<Exclude<Shape, "geometrycollection">, number>> = {
  point: 0,
  linestring: 1,
  multipoint: 1,
  polygon: 2,
  multilinestring: 2,
  multipolygon: 3,
};

/** Collections within collections: deeper ones are no text that anybody draws. */
const DEEPEST = 10;

export const isShape = (word: string): word is Shape => (shapes as readonly string[]).includes(word);

/** Nothing where the text is no well-known text of these shapes. A `SRID=…;` must be taken off before. */
export function parseWkt(text: string): Geometry | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const reader = new Reader(tokens);
  const geometry = reader.geometry(0);
  return geometry !== undefined && reader.isDone && isWhole(geometry) ? geometry : undefined;
}

const TOKEN = /\s*([A-Za-z]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[(),])/y;

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token.toLowerCase());
  }
  return tokens;
}

class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get isDone(): boolean {
    return this.#at === this.tokens.length;
  }

  geometry(level: number): Geometry | undefined {
    const [, word = "", joined = ""] = /^([a-z]+?)(zm|z|m)?$/.exec(this.#next()) ?? [];
    if (!isShape(word) || level > DEEPEST) return undefined;
    const said = joined || (/^(zm|z|m)$/.test(this.#peek()) ? this.#next() : "");
    if (this.#take("empty"))
      return word === "geometrycollection" ? { shape: word, members: [] } : { shape: word, coordinates: [] };
    if (word === "geometrycollection") {
      const members = this.#list(() => this.geometry(level + 1));
      return members && { shape: word, members };
    }
    const width = said === "" ? [2, 3, 4] : said === "zm" ? [4] : [3];
    const coordinates = this.#coordinates(word, depthOf[word], width);
    return coordinates && { shape: word, ...(said === "m" && { isMeasured: true }), coordinates };
  }

  #coordinates(shape: Shape, depth: number, width: readonly number[]): Coordinates | undefined {
    if (depth === 0) {
      const [first, ...rest] = this.#list(() => this.#position(width)) ?? [];
      return rest.length === 0 ? first : undefined;
    }
    if (depth > 1) return this.#list(() => this.#coordinates(shape, depth - 1, width));
    // The points of a MULTIPOINT may stand in brackets of their own.
    const bracketed = () => (this.#peek() === "(" ? this.#coordinates(shape, 0, width) : this.#position(width));
    return this.#list(shape === "multipoint" ? bracketed : () => this.#position(width));
  }

  #position(width: readonly number[]): WktPosition | undefined {
    const numbers: string[] = [];
    while (/^[\d.+-]/.test(this.#peek())) numbers.push(asJson(this.#next()));
    const areFinite = numbers.every((number) => Number.isFinite(Number(number)));
    return width.includes(numbers.length) && areFinite ? numbers : undefined;
  }

  /** `(a, b)`: at least one. */
  #list<T>(item: () => T | undefined): T[] | undefined {
    if (!this.#take("(")) return undefined;
    const items: T[] = [];
    do {
      const next = item();
      if (next === undefined) return undefined;
      items.push(next);
    } while (this.#take(","));
    return this.#take(")") ? items : undefined;
  }

  #peek = (): string => this.tokens[this.#at] ?? "";
  #next = (): string => this.tokens[this.#at++] ?? "";

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }
}

/** `+1.` is 1 and `.5` is 0.5. */
const asJson = (number: string): string =>
  number
    .replace(/^\+/, "")
    .replace(/^(-?)\./, "$10.")
    .replace(/\.(?=e|$)/, "")
    .replace(/^(-?)0+(?=\d)/, "$1");

/** Lines have two positions, rings have four and end where they begin; all positions have as many numbers. */
export function isWhole(geometry: Geometry): boolean {
  if (geometry.shape === "geometrycollection") return geometry.members.every(isWhole);
  const { shape, coordinates } = geometry;
  if (coordinates.length === 0) return true;
  const positions = positionsIn(coordinates, depthOf[shape]);
  if (positions.some(({ length }) => length !== positions[0]?.length)) return false;
  const lines = shape.endsWith("point") ? [] : linesIn(coordinates, depthOf[shape]);
  return lines.every((line) => (shape.endsWith("polygon") ? isRing(line) : line.length >= 2));
}

function isRing(line: readonly WktPosition[]): boolean {
  const [first = [], last = []] = [line[0], line.at(-1)];
  return line.length >= 4 && first.every((number, i) => Number(number) === Number(last[i]));
}

const linesIn = (coordinates: Coordinates, depth: number): readonly (readonly WktPosition[])[] =>
  depth === 1
    ? [coordinates as readonly WktPosition[]]
    : (coordinates as readonly Coordinates[]).flatMap((part) => linesIn(part, depth - 1));

export const positionsIn = (coordinates: Coordinates, depth: number): readonly WktPosition[] =>
  depth === 0
    ? [coordinates as WktPosition]
    : (coordinates as readonly Coordinates[]).flatMap((part) => positionsIn(part, depth - 1));

/** One spelling for all databases: MariaDB takes no brackets around the points of a MULTIPOINT. */
export function toWkt(geometry: Geometry): string {
  const name = geometry.shape.toUpperCase();
  if (geometry.shape === "geometrycollection")
    return geometry.members.length === 0 ? `${name} EMPTY` : `${name}(${geometry.members.map(toWkt).join(",")})`;
  const { shape, coordinates, isMeasured } = geometry;
  if (coordinates.length === 0) return `${name} EMPTY`;
  const depth = depthOf[shape];
  const width = positionsIn(coordinates, depth)[0]?.length ?? 2;
  const more = width === 4 ? " ZM " : width === 3 ? (isMeasured ? " M " : " Z ") : "";
  return `${name}${more}${bracketed(coordinates, depth)}`;
}

function bracketed(coordinates: Coordinates, depth: number): string {
  if (depth === 0) return `(${(coordinates as WktPosition).join(" ")})`;
  const parts = coordinates as readonly Coordinates[];
  if (depth === 1) return `(${parts.map((position) => (position as WktPosition).join(" ")).join(",")})`;
  return `(${parts.map((part) => bracketed(part, depth - 1)).join(",")})`;
}
