// A shop whose schema v1 shows what v2 has as its clients knew it.
export const ddl = `
CREATE SCHEMA v2;
CREATE SCHEMA v1;
CREATE TABLE public.hidden (id INTEGER PRIMARY KEY);
CREATE TABLE v2.orders (id INTEGER PRIMARY KEY, title TEXT NOT NULL, total INTEGER NOT NULL DEFAULT 0);
CREATE TABLE v2.notes (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES v2.orders, body TEXT);
CREATE VIEW v1.orders AS SELECT id, title AS name FROM v2.orders;
CREATE TABLE v1.coupons (id INTEGER PRIMARY KEY, code TEXT);
CREATE FUNCTION v2.answer() RETURNS INTEGER LANGUAGE sql STABLE AS 'SELECT 2';
CREATE FUNCTION v1.answer() RETURNS INTEGER LANGUAGE sql STABLE AS 'SELECT 1';
INSERT INTO v2.orders VALUES (1, 'tea', 5), (2, 'milk', 2);
INSERT INTO v2.notes VALUES (1, 1, 'green');
INSERT INTO v1.coupons VALUES (1, 'TEN');
`;

export const profiles = ["v2", "v1"];
export const reading = { headers: { "accept-profile": "v1" } };
export const writing = (body: unknown, more: Readonly<Record<string, string>> = {}) => ({
  body,
  headers: { "content-profile": "v1", ...more },
});
