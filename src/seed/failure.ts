// What stops a seeding, in one line: the file, the row and the field.

/** `message` is for people. */
export class SeedFailure extends Error {
  override readonly name = "SeedFailure";
}
