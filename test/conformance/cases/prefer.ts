// Prefer: return=minimal leaves out the row that was written, and says so.
import { expect } from "vitest";
import type { Case } from "../case.js";

const headers = { prefer: "return=minimal" };

const sends = (title: string, body: unknown, status: number, look: string): Case => ({
  title: `${title} with Prefer: return=minimal`,
  writes: true,
  async run(api) {
    const answer = await api.ask(title, { headers, ...(body === undefined ? {} : { body }) });
    expect([answer.status, answer.text], answer.text).toEqual([status, ""]);
    expect(answer.headers["preference-applied"]).toBe("return=minimal");
    expect(answer.headers["content-type"]).toBeUndefined();
    expect((await api.ask(`GET ${look}`)).status).toBe(200);
  },
});

const others: Case = {
  title: "POST /groups/5/members/2/add with Prefer: return=representation",
  writes: true,
  async run(api) {
    const answer = await api.ask("POST /groups/5/members/2/add", { headers: { prefer: "return=representation" } });
    expect([answer.status, answer.json]).toEqual([201, { group_id: 5, member_id: 2 }]);
    expect(answer.headers["preference-applied"]).toBe("return=representation");
    const read = await api.ask("GET /members/1", { headers });
    expect(read.json.id).toBe(1);
  },
};

export const prefer = [
  sends("POST /members", { name: "Nina", email: "nina@example.org" }, 201, "/members?email=nina@example.org"),
  sends("PATCH /members/1", { age: 99 }, 204, "/members/1"),
  sends("PUT /members/1", { name: "Ada", email: "ada@example.org" }, 204, "/members/1"),
  sends("POST /groups/5/members/1/add", undefined, 201, "/groups/5/members/1"),
  sends("POST /groups/1/members/1/add", undefined, 204, "/groups/1/members/1"),
  others,
];
