// Paths into columns of JSON: the same scalar is found, compared and sorted in the same way on every database.
import { type Case, enc, lists, refuses } from "../case.js";

const places = (query: string, expected: readonly number[]): Case => lists(`GET /places?${query}`, expected);
/** Every row whose place holds a scalar. */
const address = (path: string, filter: string, expected: readonly number[]): Case =>
  places(`address${enc(path)}=${filter}`, expected);

const found = [
  address("->city", "Paris", [1]),
  address("->city", "eq:paris", [2]),
  address("->>city", "Oslo", [4]),
  address("->city", `eq:${enc("Oslo ")}`, [3]),
  address("->city", "ne:Paris", [2, 3, 4]),
  address("->city", "in:Paris,Oslo", [1, 4]),
  address("->city", "nin:Paris,Oslo", [2, 3]),
  address("->city", "in:", []),
  address("->city", "nin:", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  address("->city", "not.eq:Paris", [2, 3, 4]),
  address("->city", "like:%25a%25", [1, 2]),
  address("->city", "ilike:PARIS", [1, 2]),
  address("->city", "match:^P.r", [1]),
  address("->city", "imatch:^p.r", [1, 2]),
  address("->city", "isdistinct:Paris", [2, 3, 4, 5, 6, 7, 8, 9, 10]),
  address("->city", "not.isdistinct:Paris", [1]),
  address("->city", "contains:slo", [3, 4]),
  address("->city", "startswith:P", [1]),
  address("->city", "endswith:o", [4]),
  address("->city", "gt:Oslo", [1, 2, 3]),
  address("->city", "between:Oslo,Paris", [1, 3, 4]),
  address("->city", "is:null", [5, 6, 7, 9, 10]),
  address("->city", "is:notnull", [1, 2, 3, 4, 8]),
  address("->city", "eq:null", []),
  address("->city->name", "Rome", [8]),
  address("->geo->lat", "gt:5", [1, 3]),
  address("->geo->lat", "lt:0", [2]),
  address("->geo->lat", "lte:10", [2, 3]),
  address("->geo->lat", "eq:10", [3]),
  address("->geo->lat", "eq:48.850", [1]),
  address("->geo", "is:notnull", [1, 2, 3, 7]),
  address("->geo", "eq:far", [7]),
  address("->geo", "ne:near", [7]),
  address("->geo", "like:%25", [7]),
  address("->open", "true", [1, 3]),
  address("->open", "false", [2]),
  address("->open", "ne:true", [2]),
  address("->open", "is:null", [4, 5, 6, 7, 8, 9, 10]),
  address("->zip", "75001", [1, 2]),
  address("->zip", "like:75%25", [1, 2]),
  address("->big", "9007199254740993", [8]),
  address("->big", "9007199254740992", []),
  address("->big", "eq:12345678901234567890123456789012345678901234567890", []),
];

/** 5, 5.0, "5", 50, 1.50, and an array: numbers by their value, texts by their characters. */
const mixed = [
  address("->rank", "5", [1, 2, 3]),
  address("->rank", "5.0", [1, 2]),
  address("->rank", "1.5", [7]),
  address("->rank", "ne:5", [4, 7]),
  address("->rank", "not.ne:5", [1, 2, 3]),
  address("->rank", "in:5,50,x", [1, 2, 3, 4]),
  address("->rank", "nin:5,x", [4, 7]),
  address("->rank", "ne:x", [1, 2, 3, 4, 7]),
  address("->rank", "gt:5", [4]),
  address("->rank", "gte:5", [1, 2, 4]),
  address("->rank", "lt:x", [3]),
  address("->rank", "between:1,5", [1, 2, 7]),
  address("->rank", "not.between:1,5", [4]),
  address("->rank", "like:5%25", [1, 2, 3, 4]),
];

const keys = [
  address("->tags->0", "a", [1]),
  address("->tags->0", "is:notnull", [1, 2, 8]),
  address("->tags->1", "7", [2]),
  address("->tags->2", "true", [2]),
  address("->tags->3", "is:null", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  address("->tags->0->0", "a", [8]),
  address("->tags->1->a", "b", [8]),
  address("->tags->a", "is:notnull", []),
  address("->tags->-1", "is:notnull", []),
  address("->city->0", "is:notnull", []),
  address("->0", "top", [9]),
  address("->1->city", "Paris", [9]),
  address("->2024->sum", "is:notnull", []),
  address('->"2024"->sum', "7", [4]),
  address('->"say \\"hi\\""->"to->all"', "yes", [4]),
  address("->it's", "quoted", [4]),
  address("->*", "star", [4]),
  address("->é🌲", enc("Ø🌲"), [4]),
  address("->é🌲", `ilike:${enc("ø🌲")}`, [4]),
  address("->$", "is:notnull", []),
  address("->city.name", "is:notnull", []),
  address('->""', "is:notnull", []),
];

const around = [
  places(`or=(address->city=Oslo,address->geo->lat=lt:0)`, [2, 4]),
  places(`or=(${enc('address->"2024"->sum=7,address->"say \\"hi\\""=is:null')})&id=in:1,4`, [1, 4]),
  places(`not.and=(address->rank=5,address->open=true)&address->rank=is:notnull`, [2, 4, 7]),
  places("a->b=exact", [1]),
  lists("GET /visits?place.address->city=Paris", [1]),
  lists("GET /visits?place.a->b=exact", [1]),
  lists("GET /visits?place.address->rank=gt:5&order-by=id", [3, 2]),
  lists("GET /places/4/visits?place.address->city=Oslo", [2, 3]),
  lists("GET /places?visits.place.address->city=Oslo", [4]),
];

const sorted = [
  places("order-by=address->rank:asc,id:asc", [5, 6, 8, 9, 10, 3, 7, 1, 2, 4]),
  places("order-by=address->rank:desc,id:asc", [4, 1, 2, 7, 3, 5, 6, 8, 9, 10]),
  places("order-by=address->rank:asc:nullslast,id:asc", [3, 7, 1, 2, 4, 5, 6, 8, 9, 10]),
  places("order-by=address->rank:desc:nullsfirst,id:asc", [5, 6, 8, 9, 10, 4, 1, 2, 7, 3]),
  places("order-by=address->city:asc:nullslast,id:asc&address->city=is:notnull", [4, 3, 1, 2, 8]),
  places("order-by=a->b:asc,id:asc&limit=1", [1]),
  lists("GET /visits?order-by=place.address->city:asc,id:desc", [4, 3, 2, 1]),
  lists("GET /visits?order-by=place.address->city:asc:nullslast,id:desc", [3, 2, 1, 4]),
];

const refused = [
  refuses("GET /places?adress->city=Paris", 400, "unknown_column", {
    says: /^places has no column 'adress'\. Perhaps you meant 'address'\./,
  }),
  refuses("GET /places?name->city=Paris", 400, "invalid_filter", {
    says: /^'name->city': -> leads into columns of JSON, and name is none\. places has these: address/,
  }),
  refuses("GET /members?order-by=name->city", 400, "invalid_filter", { says: "members has no column of JSON." }),
  refuses("GET /places?address->=Paris", 400, "malformed_query", { says: "'address->' is no path into JSON" }),
  refuses("GET /places?address->->=Paris", 400, "malformed_query"),
  refuses(`GET /places?${enc('address->"open')}=1`, 400, "malformed_query"),
  refuses(`GET /places?${enc('address->say "hi"')}=x`, 400, "malformed_query"),
  refuses("GET /places?address->a%00b=1", 400, "malformed_query"),
  refuses("GET /places?address->city=a%00b", 400, "invalid_filter"),
  refuses(`GET /places?address${"->a".repeat(11)}=1`, 400, "too_complex", {
    says: "at most 10 steps, and this has 11",
  }),
  refuses(`GET /places?address->${"a".repeat(500)}=1`, 400, "too_complex", { says: "at most 500 characters" }),
  refuses("GET /visits?plase.address->city=Paris", 400, "unknown_relation", { says: "Perhaps you meant 'place'" }),
];

export const jsonPaths = [...found, ...mixed, ...keys, ...around, ...sorted, ...refused];
