// What arrays hold: columns of arrays on PostgreSQL, columns of JSON elsewhere, and arrays inside JSON on every database.
import { type Case, enc, lists, refuses } from "../case.js";

const places = (query: string, expected: readonly number[]): Case => lists(`GET /places?${query}`, expected);
const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

const columns = [
  places("labels=contains:a", [1]),
  places("labels=contains:b", [1, 2]),
  places("labels=contains:b,a", [1]),
  places("labels=contains:a,c", []),
  places("labels=contains:A", [4]),
  places(`labels=contains:${enc('"c,d",b')}`, [2]),
  places(`labels=contains:${enc('"say \\"hi\\""')}`, [2]),
  places("labels=contains:5", [2]),
  places("labels=contains:", [1, 2, 3, 4]),
  places("labels=not.contains:b", [3, 4]),
  places("labels=contains:null", []),
  places("scores=contains:5", [1]),
  places("scores=contains:7,-5", [4]),
  places("scores=not.contains:7", [2, 3]),
  places("or=(labels=contains:A,scores=contains:50)", [2, 4]),
  places(`or=(${enc('labels=contains:"\\"c,d\\",b"')},id=1)`, [1, 2]),
  places("labels=overlaps:a,zz", [1]),
  places("labels=overlaps:b,A", [1, 2, 4]),
  places(`labels=overlaps:${enc('"c,d"')}`, [2]),
  places("labels=overlaps:", []),
  places("labels=not.overlaps:b", [3, 4]),
  places("labels=not.overlaps:", [1, 2, 3, 4]),
  places("scores=overlaps:7,50", [1, 2, 4]),
  places("address->tags=overlaps:a,7", [1, 2]),
  lists("GET /visits?place.labels=contains:ab", [2, 3]),
  refuses(`GET /places?labels=contains:${enc('"a')}`, 400, "malformed_query"),
  refuses("GET /places?labels=contains:a%00", 400, "invalid_filter"),
];

const inside = [
  places("address->tags=contains:a", [1, 7]),
  places("address->tags=contains:b", [1, 2]),
  places("address->tags=contains:7", [2]),
  places("address->tags=contains:7.0,b", [2]),
  places("address->tags=contains:true", [2]),
  places("address->tags=contains:null", []),
  places("address->tags=not.contains:b", [3, 7, 8]),
  places("address->tags=contains:", [1, 2, 3, 7, 8]),
  places("address->rank=contains:5", [1, 2, 3, 4, 7, 8]),
  places("address->rank=contains:5,5", [8]),
  places("address->city=contains:Oslo", [3, 4]),
  places("address->city=not.contains:Oslo", [1, 2]),
  places("address=contains:top", [9]),
  places("address=not.contains:top", []),
  places("address=contains:Paris", []),
  places(`address->tags=contains:${enc(Array.from({ length: 50 }, () => "b").join())}`, [1, 2]),
  refuses(`GET /places?address->tags=contains:${enc(all.concat(all, all, all, all, 1).join())}`, 400, "too_complex", {
    says: "contains: takes at most 50 values here, and this has more.",
  }),
];

export const arrays = [...columns, ...inside];
