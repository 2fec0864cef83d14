// The demo's tables and rows: lists of words, and arithmetic that spreads them. Nothing random, nothing to install.

export const ddl = `
CREATE TABLE countries (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE venues (
  id INTEGER PRIMARY KEY,
  country_id INTEGER NOT NULL REFERENCES countries (id),
  name TEXT NOT NULL,
  city TEXT NOT NULL,
  capacity INTEGER NOT NULL CHECK (capacity > 0)
);
CREATE TABLE groups (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  about TEXT,
  founded_on DATE NOT NULL
);
CREATE TABLE members (
  id INTEGER PRIMARY KEY,
  country_id INTEGER REFERENCES countries (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  joined_on DATE NOT NULL DEFAULT CURRENT_DATE
);
CREATE TABLE meetups (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  venue_id INTEGER NOT NULL REFERENCES venues (id),
  title TEXT NOT NULL,
  starts_at DATETIME NOT NULL,
  seats INTEGER NOT NULL CHECK (seats > 0)
);
CREATE TABLE groups_members (
  group_id INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  member_id INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, member_id)
);
CREATE TABLE meetups_members (
  meetup_id INTEGER NOT NULL REFERENCES meetups (id) ON DELETE CASCADE,
  member_id INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  rsvp TEXT NOT NULL DEFAULT 'yes' CHECK (rsvp IN ('yes', 'maybe', 'no')),
  PRIMARY KEY (meetup_id, member_id)
);
CREATE INDEX venues_country ON venues (country_id);
CREATE INDEX members_country ON members (country_id);
CREATE INDEX meetups_group ON meetups (group_id);
CREATE INDEX meetups_venue ON meetups (venue_id);
CREATE INDEX groups_members_member ON groups_members (member_id);
CREATE INDEX meetups_members_member ON meetups_members (member_id);
`;

const countries = [
  ["AT", "Austria"],
  ["BR", "Brazil"],
  ["CA", "Canada"],
  ["DE", "Germany"],
  ["ES", "Spain"],
  ["FI", "Finland"],
  ["GB", "United Kingdom"],
  ["IN", "India"],
  ["JP", "Japan"],
  ["US", "United States"],
] as const;

/** Name, city, country's code, capacity. */
const venues = [
  ["Kaffee Anker", "Vienna", "AT", 30],
  ["Sala Ipê", "São Paulo", "BR", 80],
  ["The Reading Room", "Toronto", "CA", 45],
  ["Werkstatt Nord", "Berlin", "DE", 60],
  ["Altes Kino", "Leipzig", "DE", 120],
  ["Casa del Puerto", "Valencia", "ES", 50],
  ["Kirjasto Oodi, room 4", "Helsinki", "FI", 24],
  ["The Canal Shed", "Manchester", "GB", 70],
  ["Indiranagar Hall", "Bengaluru", "IN", 100],
  ["Studio Kumo", "Kyoto", "JP", 20],
  ["Pier 9 Loft", "San Francisco", "US", 90],
  ["Maple Street Library", "Portland", "US", 40],
] as const;

/** Name, about, and three titles that its meetups take turns in. */
const groups = [
  [
    "Bread and Butter",
    "Baking at home, from sourdough to strudel",
    ["Sourdough evening", "Laminated doughs", "Bread swap"],
  ],
  ["City Birders", "Birds between the houses", ["Swift count", "Owls at dusk", "Field glasses, compared"]],
  ["Chess after Work", null, ["Rapid round", "Endgames", "Simultaneous exhibition"]],
  [
    "Open Data Circle",
    "Public data, and what to do with it",
    ["Bus timetables", "Air quality, mapped", "Show and tell"],
  ],
  ["Repair Café", "Bring it broken, take it home whole", ["Radios and lamps", "Bicycles", "Clothes and zips"]],
  ["Slow Readers", "One novel a season", ["First chapters", "Halfway there", "The last page"]],
  ["Trail Runners", "Hills before breakfast", ["Sunrise loop", "Hill repeats", "Maps and compass"]],
  ["Typography Table", "Letters, on paper and on screens", ["Sign walk", "Letterpress", "Variable fonts"]],
] as const;

const names = [
  "Ada Novak, Amir Haddad, Anika Rao, Beatriz Lima, Bruno Costa, Chiara Conti, Daan Visser, Diego Romero, Elif Kaya, Emma Lindqvist",
  "Farah Aziz, Felix Bauer, Grace Owusu, Hana Sato, Hugo Martin, Ines Ferreira, Ivan Petrov, Jae Park, Jonas Weber, Kavya Iyer",
  "Kenji Mori, Lars Nieminen, Leila Khan, Lucia Ortega, Maja Horvat, Malik Jones, Marta Kowalska, Mei Tanaka, Nadia Rossi, Noah Clarke",
  "Olivia Hughes, Omar Farouk, Paula Silva, Priya Nair, Rafael Souza, Rosa Jimenez, Sven Koskinen, Tara Singh, Tom Becker, Zoe Martin",
].flatMap((line) => line.split(", "));

const MEETUPS = 60;
const answers = ["yes", "yes", "maybe", "yes", "no"] as const;

type Row = readonly (string | number | null)[];

/** Every table's rows, parents first, in the order of the columns. */
export function demoRows(): Readonly<Record<string, readonly Row[]>> {
  return {
    countries: countries.map(([code, name], i) => [i + 1, code, name]),
    venues: venues.map(([name, city, code, capacity], i) => [i + 1, countryId(code), name, city, capacity]),
    groups: groups.map(([name, about], i) => [i + 1, name, about, day(2019, i * 97)]),
    members: names.map((name, i) => [
      i + 1,
      i % 9 === 8 ? null : (i % countries.length) + 1,
      name,
      email(name),
      day(2022, i * 17),
    ]),
    meetups: count(MEETUPS).map(meetup),
    groups_members: names.flatMap((_, i) => groupsOf(i).map((group) => [group + 1, i + 1])),
    meetups_members: count(MEETUPS).flatMap(guests),
  };
}

function meetup(i: number): Row {
  const group = i % groups.length;
  const venue = (i * 5 + 3) % venues.length;
  const [, , titles] = groups[group] as (typeof groups)[number];
  const [, , , capacity] = venues[venue] as (typeof venues)[number];
  const startsAt = `${day(2025, i * 6)} ${17 + (i % 4)}:${i % 2 === 0 ? "00" : "30"}:00`;
  const title = titles[Math.floor(i / groups.length) % titles.length] as string;
  return [i + 1, group + 1, venue + 1, title, startsAt, Math.max(10, capacity - (i % 3) * 10)];
}

/** Three to five groups a member, never one twice. */
function groupsOf(member: number): number[] {
  return count(3 + (member % 3)).map((n) => (member + n * 3) % groups.length);
}

/** Two to five members a meetup, from those in its group. */
function guests(i: number): Row[] {
  const members = count(names.length).filter((member) => groupsOf(member).includes(i % groups.length));
  return count(2 + (i % 4)).map((n) => {
    const member = members[(i + n * 3) % members.length] as number;
    return [i + 1, member + 1, answers[(i + n) % answers.length] as string];
  });
}

function email(name: string): string {
  return `${name.toLowerCase().replace(" ", ".")}@example.org`;
}

/** The date so many days after a year's first. */
function day(year: number, days: number): string {
  return new Date(Date.UTC(year, 0, 1 + days)).toISOString().slice(0, 10);
}

function countryId(code: string): number {
  return countries.findIndex(([known]) => known === code) + 1;
}

function count(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
