-- What the examples of the frameworks run on: authors write notes, and notes carry tags.
BEGIN;
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER NOT NULL REFERENCES authors (id));
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE notes_tags (
  note_id INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  PRIMARY KEY (note_id, tag_id)
);
INSERT INTO authors (name) VALUES ('Ada'), ('Grace');
INSERT INTO notes (title, author_id) VALUES ('On engines', 1), ('On looms', 1), ('On moths', 2);
INSERT INTO tags (name) VALUES ('history'), ('machines');
INSERT INTO notes_tags VALUES (1, 2), (2, 1), (2, 2);
COMMIT;
