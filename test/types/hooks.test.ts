// What tsc knows inside a hook; checked by `npm run check`.
import type { Knex } from "knex";
import type { ApiOptions, ApiRequest, Hook, HookContext, Hooks, HttpError, Operation, ProblemCode } from "sapwood";
import { expectTypeOf, test } from "vitest";

test("a hook's context has the contract's fields, typed", () => {
  expectTypeOf<keyof HookContext>().toEqualTypeOf<
    "request" | "table" | "relation" | "operation" | "params" | "body" | "result" | "user" | "trx" | "routine" | "apis"
  >();
  expectTypeOf<HookContext["request"]>().toEqualTypeOf<ApiRequest>();
  expectTypeOf<HookContext["table"]>().toEqualTypeOf<string>();
  expectTypeOf<HookContext["relation"]>().toEqualTypeOf<"root" | "one-n" | "one-one" | "n-n" | "parent">();
  expectTypeOf<HookContext["operation"]>().toEqualTypeOf<Operation | "call">();
  expectTypeOf<HookContext["params"]>().toEqualTypeOf<Readonly<Record<string, string>>>();
  expectTypeOf<HookContext["body"]>().toEqualTypeOf<Record<string, unknown>>();
  expectTypeOf<HookContext["result"]>().toBeUnknown();
  expectTypeOf<HookContext["user"]>().toBeUnknown();
  expectTypeOf<HookContext["trx"]>().toEqualTypeOf<Knex.Transaction | undefined>();
});

test("the context comes typed to a function written in place, async or not", () => {
  const inPlace: ApiOptions = {
    hooks: {
      preSave: (context) => {
        expectTypeOf(context).toEqualTypeOf<HookContext>();
      },
      postSave: [async ({ trx }) => trx?.("log").insert({})],
    },
    overrides: [
      {
        name: "members",
        preDelete: async (context) => {
          expectTypeOf(context).toEqualTypeOf<HookContext>();
        },
      },
    ],
  };
  expectTypeOf(inPlace).not.toBeAny();
  expectTypeOf<(context: HookContext) => Promise<void>>().toExtend<Hook>();
  expectTypeOf<() => void>().toExtend<Hook>();
  expectTypeOf<keyof Hooks>().toEqualTypeOf<
    | "preSave"
    | "postSave"
    | "preDelete"
    | "postDelete"
    | "preRead"
    | "postRead"
    | "preCall"
    | "postCall"
    | "afterCommit"
  >();
});

test("body and result may be changed, nothing else may", () => {
  const hook: Hook = (context) => {
    context.body = { ...context.body, slug: "x" };
    context.result = { slug: "x" };
    // @ts-expect-error read only
    context.table = "other";
    // @ts-expect-error read only
    context.params.id = "2";
    // @ts-expect-error read only
    context.user = undefined;
    // @ts-expect-error there is no transaction around a read
    context.trx("members");
    // @ts-expect-error a value of the body is anything until it was looked at
    context.body.name.trim();
  };
  expectTypeOf(hook).not.toBeAny();
});

test("HttpError refuses with a status, a sentence and a code", () => {
  type Arguments = ConstructorParameters<typeof HttpError>;
  expectTypeOf<[403, "No."]>().toExtend<Arguments>();
  expectTypeOf<[403, "No.", { code: "my_code" }]>().toExtend<Arguments>();
  expectTypeOf<[422, "No.", { errors: [{ field: "name"; message: "is missing" }] }]>().toExtend<Arguments>();
  expectTypeOf<["No."]>().not.toExtend<Arguments>();
  expectTypeOf<["403", "No."]>().not.toExtend<Arguments>();
  expectTypeOf<HttpError>().toExtend<Error>();
  expectTypeOf<"unique_violation">().toExtend<ProblemCode>();
  expectTypeOf<"my_code">().not.toExtend<ProblemCode>();
});
