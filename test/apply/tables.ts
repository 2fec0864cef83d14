// A config map's tables with a bit of everything that tables are made of: a circle, a table of links, actions, defaults, indexes.
import type { TableEntry } from "../../src/schema/config.js";

export const tables: readonly TableEntry[] = [
  {
    name: "tracks",
    comment: "A song's recording",
    columns: [
      { name: "id", type: "increments" },
      { name: "title", type: "string(80)", notNull: true, comment: "the artist's own words" },
      { name: "album_id", type: "integer", notNull: true },
      { name: "price", type: "decimal(10,2)", notNull: true, default: 0.99 },
      { name: "is_live", type: "boolean", notNull: true, default: false },
      { name: "mood", type: "string(20)", default: "it's ?" },
      { name: "seen_at", type: "datetime", default: "now" },
      { name: "heard_at", type: "timestamptz" },
      { name: "released", type: "date" },
      { name: "starts", type: "time" },
      { name: "loudness", type: "float" },
      { name: "plays", type: "bigint", notNull: true, default: 0 },
      { name: "about", type: "text" },
      { name: "tags", type: "json" },
      { name: "cover", type: "binary" },
      { name: "mark", type: "uuid" },
    ],
    unique: [["album_id", "title"]],
    indexes: ["title", ["is_live", "price"]],
    belongsTo: [{ table: "albums", column: "album_id", onDelete: "cascade" }],
  },
  {
    name: "albums",
    columns: [
      { name: "id", type: "increments" },
      { name: "title", type: "text", notNull: true },
      { name: "best_track_id", type: "integer" },
    ],
    belongsTo: [{ table: "tracks", column: "best_track_id", onDelete: "set null" }],
  },
  {
    name: "people",
    columns: [
      { name: "name", type: "string(40)" },
      { name: "boss", type: "string(40)" },
    ],
    primaryKey: "name",
    belongsTo: [{ table: "people", column: "boss" }],
  },
  {
    name: "albums_people",
    columns: [
      { name: "album_id", type: "integer" },
      { name: "person", type: "string(40)" },
    ],
    primaryKey: ["album_id", "person"],
    belongsTo: [
      { table: "albums", column: "album_id", onDelete: "cascade" },
      { table: "people", column: "person" },
    ],
  },
];
