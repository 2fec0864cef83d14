CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE albums (id INTEGER PRIMARY KEY, artist_id INTEGER NOT NULL REFERENCES artists (id), title TEXT NOT NULL, released INTEGER NOT NULL);
CREATE TABLE genres (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE tracks (
  id INTEGER PRIMARY KEY,
  album_id INTEGER NOT NULL REFERENCES albums (id),
  genre_id INTEGER NOT NULL REFERENCES genres (id),
  name TEXT NOT NULL,
  seconds INTEGER NOT NULL CHECK (seconds > 0),
  price DECIMAL(6,2) NOT NULL DEFAULT 0.99
);
CREATE TABLE playlists (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE playlists_tracks (
  playlist_id INTEGER NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  PRIMARY KEY (playlist_id, track_id)
);
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
CREATE TABLE invoices (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  invoiced_on DATE NOT NULL DEFAULT CURRENT_DATE
);
CREATE TABLE invoice_lines (
  id INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  price DECIMAL(6,2) NOT NULL,
  quantity INTEGER NOT NULL DEFAULT 1 CHECK (quantity > 0)
);
CREATE INDEX albums_artist ON albums (artist_id);
CREATE INDEX tracks_album ON tracks (album_id);
CREATE INDEX tracks_genre ON tracks (genre_id);
CREATE INDEX playlists_tracks_track ON playlists_tracks (track_id);
CREATE INDEX invoices_customer ON invoices (customer_id);
CREATE INDEX lines_invoice ON invoice_lines (invoice_id);
CREATE INDEX lines_track ON invoice_lines (track_id);

INSERT INTO artists (id, name) VALUES (1, 'Nordlys'), (2, 'The Paper Kites Club'), (3, 'Orquesta Sur');
INSERT INTO albums (id, artist_id, title, released) VALUES
  (1, 1, 'Polar Night', 2011), (2, 1, 'Thaw', 2014), (3, 2, 'Attic Tapes', 2009), (4, 3, 'Milonga', 2018);
INSERT INTO genres (id, name) VALUES (1, 'Ambient'), (2, 'Folk'), (3, 'Tango'), (4, 'Jazz');
INSERT INTO tracks (id, album_id, genre_id, name, seconds, price) VALUES
  (1, 1, 1, 'First Frost', 412, 0.99), (2, 1, 1, 'Aurora', 538, 1.29), (3, 1, 1, 'Sleep of Stones', 655, 1.29),
  (4, 2, 1, 'Meltwater', 301, 0.99), (5, 2, 2, 'River Song', 244, 0.99), (6, 3, 2, 'Moth', 187, 0.79),
  (7, 3, 2, 'Letters Home', 205, 0.79), (8, 3, 2, 'Rain on Tin', 176, 0.79), (9, 4, 3, 'Esquina', 228, 1.09),
  (10, 4, 3, 'La Vuelta', 263, 1.09), (11, 4, 3, 'Adiós, Puerto', 310, 1.09);
INSERT INTO playlists (id, name) VALUES (1, 'Rainy days'), (2, 'Long drives'), (3, 'Empty');
INSERT INTO playlists_tracks (playlist_id, track_id) VALUES (1, 6), (1, 8), (1, 4), (1, 2), (2, 2), (2, 3), (2, 10);
INSERT INTO customers (id, name, country, email) VALUES
  (1, 'Ada Berg', 'Norway', 'ada@example.org'), (2, 'Bruno Díaz', 'Argentina', 'bruno@example.org'),
  (3, 'Chloé Roux', 'France', 'chloe@example.org'), (4, 'Dag Lie', 'Norway', 'dag@example.org');
INSERT INTO invoices (id, customer_id, invoiced_on) VALUES
  (1, 1, '2026-01-05'), (2, 2, '2026-01-19'), (3, 1, '2026-02-02'), (4, 3, '2026-02-14'), (5, 2, '2026-03-01');
INSERT INTO invoice_lines (id, invoice_id, track_id, price, quantity) VALUES
  (1, 1, 1, 0.99, 1), (2, 1, 2, 1.29, 1), (3, 2, 9, 1.09, 2), (4, 2, 10, 1.09, 1), (5, 3, 6, 0.79, 1),
  (6, 4, 2, 1.29, 1), (7, 4, 5, 0.99, 3), (8, 5, 10, 1.09, 1);
