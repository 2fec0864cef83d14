// What is asked: each question as each family's API says it, and what brings the data back to where it was.

import type { DatabaseName, Family } from "./candidate.js";
import { chinook, PLAYLISTS, type Size, SMALL_PLAYLIST } from "./data.js";

export interface Question {
  readonly name: string;
  readonly method: "GET" | "POST" | "PATCH";
  /** The n-th request's path. */
  readonly path: Readonly<Record<Family, (n: number) => string>>;
  /** The n-th request's body. */
  readonly body?: (n: number) => unknown;
  /** What a right answer says. */
  readonly status: number;
  /** Fields that no two answers share: the key of a new row. */
  readonly differing?: readonly string[];
  /** Each request must be a new one: it would have nothing to do a second time. */
  readonly fresh?: boolean;
  /** The databases that are asked; left out where all are. */
  readonly on?: readonly DatabaseName[];
  /** Statements before a round of requests that write, and after it. */
  readonly prepare?: readonly string[];
  readonly restore?: readonly string[];
  /** The table that a round of writes leaves full of dead rows. */
  readonly written?: string;
}

const everywhere = (path: (n: number) => string) => ({ "by hand": path, sapwood: path });

/** Those of one database, or of any. */
export const questionsFor = (size: Size, database?: DatabaseName): Question[] =>
  allQuestions(size).filter(({ on }) => database === undefined || on === undefined || on.includes(database));

function allQuestions({ tracks, albums }: Size): Question[] {
  const track = (n: number) => 1 + ((n * 37) % tracks);
  const album = (n: number) => 1 + ((n * 37) % albums);
  const rows = (count: number): Question => ({
    ...reading,
    name: `${count.toLocaleString("en")} rows`,
    path: { floor: () => `/list/${count}`, ...everywhere(() => `/tracks?limit=${count}`) },
  });
  const embedding = {
    ...reading,
    path: {
      floor: () => "/embedding/20",
      "by hand": () => "/artists/albums?limit=20",
      sapwood: () => "/artists?limit=20&select=name,albums(title,tracks(name))",
    },
  };
  const clear = { restore: [`DELETE FROM tracks WHERE id > ${tracks}`], written: "tracks" };
  return [
    {
      ...reading,
      name: "one row",
      path: { floor: (n) => `/one/${track(n)}`, ...everywhere((n) => `/tracks/${track(n)}`) },
    },
    rows(10),
    rows(100),
    rows(1_000),
    {
      ...reading,
      name: "nested children",
      path: { floor: (n) => `/children/${album(n)}`, ...everywhere((n) => `/albums/${album(n)}/tracks`) },
    },
    {
      ...reading,
      name: "N-to-N",
      path: {
        floor: (n) => `/linked/${smallPlaylist(n)}/20`,
        ...everywhere((n) => `/playlists/${smallPlaylist(n)}/tracks?limit=20`),
      },
    },
    {
      ...reading,
      name: "two filters, order, limit",
      path: {
        floor: (n) => `/filtered/${genre(n)}/300000/20`,
        "by hand": (n) => `/tracks?genre=${genre(n)}&longer_than=300000&longest_first=true&limit=20`,
        sapwood: (n) =>
          `/tracks?genre_id=${genre(n)}&milliseconds=gt:300000&order-by=milliseconds:desc,id:asc&limit=20`,
      },
    },
    { ...embedding, name: "three levels" },
    {
      ...embedding,
      name: "three levels, N+1 by hand",
      path: { ...embedding.path, "by hand": () => "/artists/albums/one-by-one?limit=20" },
    },
    {
      ...reading,
      name: "10 rows and their count",
      path: {
        floor: (n) => `/counted/${genre(n)}/${genre(n)}/10`,
        "by hand": (n) => `/tracks?genre=${genre(n)}&limit=10&total=true`,
        sapwood: (n) => `/tracks?genre_id=${genre(n)}&limit=10&count=exact`,
      },
    },
    {
      ...reading,
      name: "a function's value",
      on: ["postgres", "mariadb", "mysql"],
      path: { floor: (n) => `/length/${album(n)}`, ...everywhere((n) => `/rpc/album_length?album=${album(n)}`) },
    },
    {
      ...reading,
      name: "a function's 100 rows",
      on: ["postgres"],
      path: {
        floor: (n) => `/of_genre/${genre(n)}/100`,
        ...everywhere((n) => `/rpc/tracks_of_genre?genre=${genre(n)}&limit=100`),
      },
    },
    {
      name: "insert",
      method: "POST",
      status: 201,
      path: { floor: () => "/insert", ...everywhere(() => "/tracks") },
      body: newTrack,
      differing: ["id"],
      ...clear,
    },
    {
      name: "insert 1,000",
      method: "POST",
      status: 201,
      path: { floor: () => "/bulk", ...everywhere(() => "/tracks") },
      body: (n) => Array.from({ length: 1_000 }, (_, i) => newTrack(n + i)),
      differing: ["id"],
      ...clear,
    },
    {
      name: "update",
      method: "PATCH",
      status: 200,
      path: { floor: (n) => `/update/${track(n)}`, ...everywhere((n) => `/tracks/${track(n)}`) },
      body: (n) => ({ name: `Changed ${n}`, milliseconds: 400_000 + n }),
      written: "tracks",
    },
    {
      name: "add a link",
      method: "POST",
      status: 201,
      path: {
        floor: (n) => `/link/${emptyPlaylist(n)}/${linked(n)}`,
        "by hand": (n) => `/playlists/${emptyPlaylist(n)}/tracks/${linked(n)}`,
        sapwood: (n) => `/playlists/${emptyPlaylist(n)}/tracks/${linked(n)}/add`,
      },
      fresh: true,
      prepare: [`INSERT INTO playlists (id, name) VALUES ${EMPTY.map((id) => `(${id}, 'empty')`).join(", ")}`],
      restore: [
        `DELETE FROM playlist_track WHERE playlist_id > ${PLAYLISTS}`,
        `DELETE FROM playlists WHERE id > ${PLAYLISTS}`,
      ],
      written: "playlist_track",
    },
  ];
}

const reading = { method: "GET", status: 200 } as const;

const genre = (n: number): number => 1 + (n % 25);
const smallPlaylist = (n: number): number => SMALL_PLAYLIST + (n % 5);

/** Room for 350,000 links. */
const EMPTY = Array.from({ length: 100 }, (_, i) => PLAYLISTS + 1 + i);
const emptyPlaylist = (n: number): number => PLAYLISTS + 1 + (Math.floor(n / chinook.tracks) % EMPTY.length);
const linked = (n: number): number => 1 + (n % chinook.tracks);

const newTrack = (n: number) => ({
  name: `New track ${n}`,
  album_id: 1 + (n % 50),
  media_type_id: 1,
  genre_id: genre(n),
  composer: n % 2 === 0 ? null : "Søren & D'Arc",
  milliseconds: 200_000 + n,
  bytes: 5_000_000 + n,
  unit_price: 0.99,
});

const shown = ["id", "name", "album_id", "media_type_id", "genre_id", "composer", "milliseconds", "bytes"];

/** Its columns in the n-th of 40,320 orders, and a list of values that is longer each time. */
function everNew(n: number): string {
  const left = [...shown];
  let rest = n;
  const select = shown.map(() => {
    const at = rest % left.length;
    rest = Math.floor(rest / left.length);
    return left.splice(at, 1)[0];
  });
  const values = Array.from({ length: 1 + (n % 400) }, (_, i) => 1 + i);
  return `/tracks?select=${select.join(",")}&album_id=in:${values.join(",")}&limit=1`;
}

export const EVER_NEW = "ever new shapes";

/** What a soak asks: all of them, and one whose every request needs another statement. It is sapwood's alone. */
export const soaking: readonly Question[] = [
  ...questionsFor(chinook),
  {
    ...reading,
    name: EVER_NEW,
    path: { floor: everNew, "by hand": everNew, sapwood: everNew },
    fresh: true,
  },
];
