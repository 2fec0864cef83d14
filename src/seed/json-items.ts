// Texts of a JSON array, as they are read → the text of each of its items. No more than one item is held.
import { SeedFailure } from "./failure.js";

/** The most characters of one row. */
export const LONGEST_ROW = 16_777_216;

/** Throws `SeedFailure` where it is no array, or ends before its end. */
export async function* jsonItems(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  const items = new Items();
  for await (const piece of pieces) yield* items.of(piece);
  items.end();
}

/** Where in the text the reading has come to. */
class Items {
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #isOver = false;
  /** Of the item that is read. */
  #held = "";

  *of(piece: string): Generator<string> {
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const sign = piece[at] as string;
      if (this.#isInText) this.#inText(sign);
      else if (sign === '"') this.#isInText = true;
      else if (this.#depth === 0) {
        this.#begin(sign);
        from = at + 1;
        continue;
      } else if (this.#depth === 1 && (sign === "," || sign === "]")) {
        yield* this.#item(piece.slice(from, at), sign);
        from = at + 1;
        if (sign === "]") this.#close();
        continue;
      }
      if (!this.#isInText) this.#nest(sign);
    }
    if (this.#depth > 0) this.#hold(piece.slice(from));
  }

  end(): void {
    if (!this.#isOver)
      throw new SeedFailure(this.#depth === 0 ? "it holds no list of rows, [{ … }]." : "it ends before the list does.");
  }

  #inText(sign: string): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (sign === "\\") this.#isEscaped = true;
    else if (sign === '"') this.#isInText = false;
  }

  #begin(sign: string): void {
    if (/\s|\ufeff/.test(sign)) return;
    if (sign !== "[" || this.#isOver) throw new SeedFailure("it holds one list of rows, [{ … }], and nothing else.");
    this.#depth = 1;
  }

  #nest(sign: string): void {
    if (sign === "[" || sign === "{") this.#depth++;
    else if (sign === "]" || sign === "}") this.#depth--;
  }

  #close(): void {
    this.#depth = 0;
    this.#isOver = true;
  }

  #hold(text: string): void {
    this.#held += text;
    if (this.#held.length > LONGEST_ROW) throw new SeedFailure(`a row has more than ${LONGEST_ROW} characters.`);
  }

  *#item(text: string, sign: string): Generator<string> {
    this.#hold(text);
    const item = this.#held;
    this.#held = "";
    if (item.trim() !== "") yield item;
    else if (sign === ",") throw new SeedFailure("nothing stands before a comma.");
  }
}
