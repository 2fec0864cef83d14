// A transfer for databases that have no functions of their own, or where it is rather written here: it runs in the request's transaction.

/** `HttpError` is sapwood's. */
export const routines = (HttpError) => [
  {
    name: "transfer",
    comment: "Moves money from one account to another.",
    arguments: [
      { name: "from", type: "integer" },
      { name: "to", type: "integer" },
      { name: "amount", type: "integer" },
    ],
    run: async ({ args: { from, to, amount }, trx }) => {
      if (amount <= 0) throw new HttpError(422, "An amount is more than nothing.", { code: "invalid_value" });
      const taken = await trx("accounts")
        .where({ id: from })
        .where("balance", ">=", amount)
        .decrement("balance", amount);
      if (taken === 0) throw new HttpError(402, `Account ${from} has less than ${amount}.`, { code: "raised" });
      const given = await trx("accounts").where({ id: to }).increment("balance", amount);
      if (given === 0) throw new HttpError(404, `There is no account ${to}.`, { code: "not_found" });
    },
  },
];
