// What passes each write of `orders` on to the database `warehouse`: in order, until that has it. Run twice it does the same.
export const copiesBy = (jsonRequest) => ({
  name: "warehouse",
  table: "orders",
  deliver: async ({ event, data }, { apis }) => {
    const gone = event === "delete";
    const line = `${gone ? "DELETE" : "PUT"} /orders/${data.id}`;
    const parts = gone ? {} : { body: data, headers: { prefer: "resolution=upsert, return=minimal" } };
    const answer = await apis.warehouse.handle(jsonRequest(line, parts));
    if (gone && answer.status === 404) return;
    if (answer.status >= 300) throw new Error(`the warehouse answered ${answer.status}`);
  },
});
