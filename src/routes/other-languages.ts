// Nouns that English endings do not turn: `kunden` and `kunde`, `länder` and `land`, `ciudades` and `ciudad`, `journaux` and `journal`.
import { wordsOf } from "../base/naming.js";
import { fieldOf, type Schema } from "../schema/schema.js";

/** Words of German, Italian and Dutch that English schemas do not have (`nr` they do): these languages make no plural by an `s`. */
const told: ReadonlySet<string> = new Set(
  (
    "bezeichnung menge betrag anzahl preis strasse straße plz ort datum vorname nachname beschreibung bemerkung kunde kunden rechnung rechnungen " +
    "bestellung bestellungen auftrag auftraege aufträge lieferant lieferanten mitarbeiter abteilung abteilungen benutzer artikel nummer " +
    "erstellt geaendert geändert gueltig gültig firma anrede stadt geburtsdatum kategorie kategorien produkt produkte " +
    "cognome indirizzo prezzo quantita quantità descrizione citta città importo fattura fatture ordini prodotti clienti " +
    "naam voornaam achternaam omschrijving aantal prijs bedrag adres woonplaats klant klanten bestellingen producten"
  ).split(" "),
);

/** Do so many tables, as clients see them, speak such a language that English endings are none of theirs? Two fifths, and three at least. */
export function hasOtherPlurals({ tables }: Schema): boolean {
  const own = tables.filter(({ name, resource = name, columns }) => {
    const words = [resource, ...columns.map(fieldOf)].flatMap(wordsOf);
    return words.some((word) => told.has(word) || /(?:nummer|datum|bezeichnung|ungen|keiten|heiten)$/.test(word));
  });
  return own.length >= 3 && own.length * 5 >= tables.length * 2;
}

/** A pattern of an ending of many, and what stands in its place for one. German, French, Spanish, Italian and Portuguese. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/s$/, ""],
  [/(?<=[lnrdsyj])es$/, ""],
  [/ces$/, "z"],
  [/(?<=[elr])n$/, ""],
  [/(?<=\p{L}{3})en$/u, ""],
  [/(?<=\p{L}{5})e$/u, ""],
  [/(?<=(?:ae|oe|ue|ä|ö|ü)\p{L}+)(?:e|er)$/u, ""],
  [/x$/, ""],
  [/aux$/, "al"],
  [/ais$/, "al"],
  [/eis$/, "el"],
  [/ns$/, "m"],
  [/oes$/, "ao"],
  [/ões$/, "ão"],
  [/i$/, "o"],
  [/i$/, "e"],
  [/(?<=\p{L}{4})e$/u, "a"],
];

const umlauts: Readonly<Record<string, string>> = { ae: "a", oe: "o", ue: "u", ä: "a", ö: "o", ü: "u" };

/** What one row may be called of a table that is called so; short words have no ending to spare. */
export function singularsOf(word: string): ReadonlySet<string> {
  const found = new Set([word]);
  for (const [ending, one] of endings) {
    const singular = word.replace(ending, one);
    if (singular === word || singular.length < 3) continue;
    found.add(singular);
    found.add(singular.replace(/ae|oe|ue|[äöü]/, (umlaut) => umlauts[umlaut] as string));
  }
  return found;
}

/** The same of several words: Romance languages turn the first (`lignes_commande`), the others the last. */
export function singularNames(words: readonly string[]): ReadonlySet<string> {
  const last = words.length - 1;
  const turned = (at: number) =>
    [...singularsOf(words[at] as string)].map((one) => words.map((word, i) => (i === at ? one : word)).join("_"));
  return new Set(last < 0 ? [] : last === 0 ? turned(0) : [...turned(last), ...turned(0)]);
}
