// The conformance suite on one database: every case through every host, on a database of its own.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ddlNameOf, type ServerName } from "../support/databases.js";
import type { Case } from "./case.js";
import { aggregates } from "./cases/aggregates.js";
import { arrays } from "./cases/arrays.js";
import { asking } from "./cases/asking.js";
import { attacks } from "./cases/attacks.js";
import { batched } from "./cases/batches.js";
import { bulk } from "./cases/bulk.js";
import { casting } from "./cases/casts.js";
import { csv } from "./cases/csv.js";
import { partsOfDates } from "./cases/date-parts.js";
import { embedding } from "./cases/embedding.js";
import { envelopes } from "./cases/envelope.js";
import { errors } from "./cases/errors.js";
import { etags } from "./cases/etags.js";
import { filters } from "./cases/filters.js";
import { http } from "./cases/http.js";
import { increments } from "./cases/increments.js";
import { jsonPaths } from "./cases/json-paths.js";
import { linkSets } from "./cases/link-sets.js";
import { linking } from "./cases/linking.js";
import { listing } from "./cases/listing.js";
import { logic } from "./cases/logic.js";
import { longQueries } from "./cases/long-queries.js";
import { manyRows } from "./cases/many-rows.js";
import { ndjson } from "./cases/ndjson.js";
import { nested } from "./cases/nested.js";
import { nestedWrites } from "./cases/nested-writes.js";
import { paging } from "./cases/paging.js";
import { patching } from "./cases/patches.js";
import { prefer } from "./cases/prefer.js";
import { puttingNew } from "./cases/put-new.js";
import { ranges } from "./cases/range.js";
import { refusing } from "./cases/refusing.js";
import { rehearsals } from "./cases/rehearsals.js";
import { relatedGroups } from "./cases/related-groups.js";
import { rowsByKey } from "./cases/rows-by-key.js";
import { search } from "./cases/search.js";
import { single } from "./cases/single.js";
import { sorting } from "./cases/sorting.js";
import { spreading } from "./cases/spreading.js";
import { upserts } from "./cases/upserts.js";
import { values } from "./cases/values.js";
import { writing } from "./cases/writing.js";
import { fuzz } from "./fuzz.js";
import { type Host, hosts } from "./hosts.js";
import { reasonToSkip } from "./skips.js";
import { databaseOf, type Subject, startSubject } from "./subject.js";

const topics: Readonly<Record<string, readonly Case[]>> = {
  "reading lists": listing,
  filters,
  "logic and relations": logic,
  "all columns but some, search and whether there is a related row": asking,
  "groups by related columns": relatedGroups,
  "related rows spread into the row": spreading,
  "parts of dates": partsOfDates,
  "columns as other types": casting,
  "paths into JSON": jsonPaths,
  "what arrays hold": arrays,
  "sorting and slices": sorting,
  paging,
  "full-text search": search,
  "sorting and paging": sorting,
  envelopes,
  "queries in a body": longQueries,
  ranges,
  embedding,
  aggregates,
  "single rows": single,
  "entity tags": etags,
  nested,
  "N-to-N": linking,
  "whole link sets": linkSets,
  writing,
  "many rows at once": bulk,
  "nested writes": nestedWrites,
  upserts,
  "new rows by PUT": puttingNew,
  increments,
  "the rows of a list": manyRows,
  "rows by their keys": rowsByKey,
  "merge patches and JSON patches": patching,
  "refused writes": refusing,
  prefer,
  rehearsals,
  batches: batched,
  values,
  CSV: csv,
  NDJSON: ndjson,
  errors,
  HTTP: http,
  attacks,
};

/** What stands between the hosts and the database's server. */
export interface Between {
  /** Why it cannot be had here. */
  readonly skip?: string | undefined;
  /** Answers with the way to a database by it. */
  open(): Promise<(url: string) => string>;
  close(): Promise<unknown>;
}

/** `suffix` tells runs of one database apart. */
export function conformance(name: ServerName, through: readonly Host[] = hosts, suffix = "", between?: Between): void {
  for (const host of through) {
    describe.skipIf(databaseOf(name).skip ?? between?.skip)(`${name} through ${host.name}${suffix}`, () => {
      let subject: Subject;
      let initial: Awaited<ReturnType<Subject["rows"]>>;
      beforeAll(async () => {
        subject = await startSubject(name, host, await between?.open());
        initial = await subject.rows();
      });
      afterAll(async () => {
        await subject?.close();
        await between?.close();
      });

      for (const [topic, cases] of Object.entries(topics)) {
        describe(topic, () => {
          for (const { title, writes, run } of cases) {
            test(title, async ({ skip }) => {
              const reason = reasonToSkip(title, ddlNameOf(name), host.name);
              if (reason !== undefined) skip(reason);
              try {
                await run(subject);
              } finally {
                if (writes) await subject.restore();
              }
            });
          }
        });
      }

      test("the cases left no row behind", async () => {
        expect(await subject.rows()).toEqual(initial);
      });

      fuzz(() => subject);
    });
  }
}
