// A connection string as Python's SQLAlchemy spells it → the same as it is spelt here. Others stay as they are.
// https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls

/** `postgresql+psycopg://…` names a driver of Python's; `sqlite:///./shop.db` is a file of the working directory. */
export const plainConnectionString = (text: string): string =>
  text
    .replace(/^([a-z]+)\+\w+:/i, "$1:")
    .replace(/^sqlite:\/\/\/(?=\.{1,2}\/)/i, "sqlite:")
    .replace(/(?<=^mssql:.*[?&])driver=[^&]*&?/i, "");
