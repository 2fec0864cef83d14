// Dates and times as clients write them → canonical text. The tests run in New York, and nothing here may notice it.

import { describe, expect, test } from "vitest";
import { parseDate, parseDateTime, parseTime } from "../../src/plan/moment.js";
import { fc } from "../support/any.js";

describe("a date", () => {
  test.each(["2024-02-29", "2000-02-29", "1900-02-28", "0001-01-01", "9999-12-31", "2024-03-10"])("%s", (date) =>
    expect(parseDate(date)).toBe(date),
  );
  test.each([
    "2023-02-29",
    "1900-02-29",
    "2024-02-30",
    "2024-04-31",
    "2024-13-01",
    "2024-00-01",
    "2024-01-00",
    "0000-01-01",
    "2024-1-1",
    "24-01-01",
    "2024/01/01",
    "20240101",
    "12024-01-01",
    "2024-01-01 ",
    "2024-01-01\n",
    "today",
    "",
  ])("'%s' is in no calendar", (date) => expect(parseDate(date)).toBeUndefined());

  test("is any day of the calendar", () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01Z"), max: new Date("9999-12-31Z"), noInvalidDate: true }),
        (day) => {
          const date = day.toISOString().slice(0, 10);
          expect(parseDate(date)).toBe(date);
          expect(parseDateTime(day.toISOString())?.utc.slice(0, 10)).toBe(date);
        },
      ),
    ));
});

describe("a time", () => {
  test.each([
    ["12:30", "12:30:00"],
    ["00:00:00", "00:00:00"],
    ["23:59:59.999999", "23:59:59.999999"],
    ["12:30:00.500", "12:30:00.5"],
    ["12:30:00.000", "12:30:00"],
    ["12:30:00.123456789", "12:30:00.123456"],
  ])("%s is %s", (written, time) => expect(parseTime(written)).toBe(time));

  test.each(["24:00", "12:60", "12:30:60", "1:30", "12", "12:30:00.", "12:30Z", "12:30:00.1234567890", "-01:00", ""])(
    "'%s' is on no clock",
    (written) => expect(parseTime(written)).toBeUndefined(),
  );
});

describe("a date and time", () => {
  test.each([
    ["2024-02-29T12:30:00Z", "2024-02-29T12:30:00"],
    ["2024-02-29t12:30:00z", "2024-02-29T12:30:00"],
    ["2024-02-29 12:30", "2024-02-29T12:30:00"],
    ["2024-02-29", "2024-02-29T00:00:00"],
    ["2024-02-29T12:30:00.250+00:00", "2024-02-29T12:30:00.25"],
    ["2024-02-29T12:30:00+02", "2024-02-29T10:30:00"],
    ["2024-02-29T12:30:00-0530", "2024-02-29T18:00:00"],
    ["2024-02-29 12:30:00 +02:00", "2024-02-29T10:30:00"],
    ["2024-02-29T23:30:00-01:00", "2024-03-01T00:30:00"],
    ["2023-12-31T23:59:59.5-00:01", "2024-01-01T00:00:59.5"],
    ["2024-03-10T02:30:00", "2024-03-10T02:30:00"],
    ["0001-01-01T00:00:00", "0001-01-01T00:00:00"],
  ])("%s is %s in UTC", (written, moment) =>
    expect(parseDateTime(written)).toEqual({ local: moment, utc: `${moment}Z` }),
  );

  test.each([
    "2023-02-29T12:00:00",
    "2024-01-01T24:00:00",
    "2024-01-01T12",
    "2024-01-01T",
    "2024-01-01TZ",
    "2024-01-01X12:00",
    "2024-01-01T12:00:00+19:00",
    "2024-01-01T12:00:00+02:99",
    "2024-01-01T12:00:00+2",
    "2024-01-01T12:00:00 Europe/Berlin",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:30:00-01:00",
    "1704067200",
    "now",
    "",
  ])("'%s' is none", (written) => expect(parseDateTime(written)).toBeUndefined());
});
