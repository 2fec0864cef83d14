// and, or, not, and filters and sorting through relations: the same rows on every database.
import { enc, lists, refuses } from "../case.js";

const members = (query: string, expected: readonly number[]) => lists(`GET /members?${query}`, expected);
const or = (text: string, expected: readonly number[]) => members(`or=${enc(text)}`, expected);

const logicCases = [
  or("(age=lt:20,age=gt:60)", [6, 7]),
  or("(age=lt:20,and(age=gt:30,name=like:A%))", [1, 6]),
  or("(age=is:null,and(age=36,or(id=1,id=2)))", [1, 5, 9]),
  or('(id=in:"1,2",name=eq:ada)', [1, 2, 6]),
  or('(name="Hal \\"Hat\\", (Jr)",id=3)', [3, 10]),
  or('(name=like:"%(Jr)",name=startswith:"100%")', [7, 10]),
  members(`and=${enc("(age=gt:20,age=lt:30)")}`, [3, 8, 12]),
  members(`not.or=${enc("(id=lt:11,age=22)")}`, [11]),
  members(`not.and=${enc("(id=gt:2,id=lte:12)")}`, [1, 2]),
  members("id=not.in:1,2,3,4,5,6,7,8,9", [10, 11, 12]),
  members("id=not.gt:2", [1, 2]),
  members("age=not.is:null&id=lt:6", [1, 2, 3, 4]),
  members("id=not.between:3,11", [1, 2, 12]),
  members(`or=${enc("(id=1,id=2)")}&or=${enc("(id=2,id=3)")}`, [2]),
  lists(`GET /groups/1/members?or=${enc("(id=2,id=12)")}`, [2]),
  lists(`GET /countries/1/members?or=${enc("(id=2,id=3)")}`, [2]),
];

const relationCases = [
  members("country.name=Finland", [3, 6, 7]),
  members("country.code=in:FI,CI", [3, 4, 6, 7, 10, 11]),
  members("groups.name=Climbers", [2, 7, 8, 9]),
  members("groups.meetups.title=Jollof", [4, 10]),
  members("groups.is_open=false&country.code=FI", []),
  members("groups.name=not.eq:Readers", [1, 2, 4, 7, 8, 9, 10]),
  members(`not.and=${enc("(groups.id=gt:0)")}`, [11, 12]),
  members(`or=${enc('(country.name="Côte d\'Ivoire",groups.name=Climbers)')}`, [2, 4, 7, 8, 9, 10, 11]),
  lists("GET /countries?members.age=gt:45", [2, 3]),
  lists("GET /groups/1/members?country.code=NO", [1, 2]),
  lists("GET /venues?country.members.name=Livia", [1, 2]),
  lists("GET /members?order-by=country.name:asc,id:asc&id=lt:6", [5, 4, 3, 1, 2]),
  lists("GET /members?order-by=country.name:desc,id:desc&id=lt:6", [2, 1, 3, 4, 5]),
  lists("GET /meetups?order-by=venue.country.code:asc,id:asc&venue_id=is:notnull", [7, 6, 1, 2, 3, 4, 8]),
];

const refusedCases = [
  refuses("GET /members?country=1", 400, "malformed_query", {
    says: "'country' is a relation: name a column behind it, as in country.id",
  }),
  refuses("GET /groups?members.country=1", 400, "malformed_query", { says: "as in members.country.id" }),
  refuses("GET /members?or=age=1", 400, "malformed_query", { says: "'or' takes filters in parentheses" }),
  refuses("GET /members?groups.limit=1", 400, "malformed_query", { says: "select it too, as in groups(*)" }),
  refuses("GET /members?contry.name=Norway", 400, "unknown_relation", { says: "Perhaps you meant 'country'" }),
  refuses("GET /members?country.nam=Norway", 400, "unknown_column", { says: "Perhaps you meant 'name'" }),
  refuses("GET /members?order-by=groups.name", 400, "malformed_query", { says: "many rows" }),
  refuses(`GET /members?or=${enc("(id=1")}`, 400, "malformed_query", { says: "closing )" }),
  refuses(`GET /members?or=${enc("(id=1))")}`, 400, "malformed_query"),
  refuses(`GET /members?or=${enc("()")}`, 400, "malformed_query"),
  refuses(`GET /members?or=${enc('(name="a)')}`, 400, "malformed_query", { says: "not closed" }),
  refuses(`GET /members?or=${enc("(id=x)")}`, 400, "invalid_filter"),
  refuses(`GET /members?or=${enc(`${"(or".repeat(30)}(id=1)${")".repeat(30)}`)}`, 400, "too_complex"),
  refuses(`GET /members?or=${enc(`(${Array.from({ length: 60 }, () => "id=1").join(",")})`)}`, 400, "too_complex"),
];

export const logic = [...logicCases, ...relationCases, ...refusedCases];
