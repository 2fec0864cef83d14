// Where the API says what its host should know. pino's loggers fit as they are, Fastify's `app.log` and `console` too.

export interface Logger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

const none = () => {};

/** Where no logger was given, only what must not be lost is told. */
export const quiet: Logger = {
  debug: none,
  info: none,
  warn: none,
  error: (fields, text) => console.error(`sapwood: ${text}`, (fields as { err?: unknown }).err ?? fields),
};

/** The same logger, with these fields in each line. */
export function withLogFields(logger: Logger, fields: object): Logger {
  const tell = (level: keyof Logger) => (more: object, text: string) => logger[level]({ ...fields, ...more }, text);
  return { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };
}
