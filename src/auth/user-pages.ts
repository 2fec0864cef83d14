// `/auth/users` and `/auth/password`: who has an account, for admins; one's own password, for everyone who has one.
import { clientAddress } from "../http/client-address.js";
import type { ApiRequest, ApiResponse, Identify } from "../http/message.js";
import { problem } from "../http/problem.js";
import { unauthorized } from "../http/unauthorized.js";
import { type Admins, adminOnly, claimsField, idOf, pageOf, roleField } from "./admin.js";
import type { Attempts } from "./attempts.js";
import { type FormFields, formText, readFields, refuseUnknown } from "./form.js";
import type { AuthPages } from "./mounted-pages.js";
import { oauthJson, unkept } from "./oauth.js";
import { attempted } from "./sign-in.js";
import type { UserChange, Users } from "./users.js";

export function userPages(users: Users, attempts: Attempts, admins: Admins): AuthPages {
  const admin = (work: (request: ApiRequest) => Promise<ApiResponse>) => adminOnly(admins, work);
  return {
    "/auth/users": {
      GET: admin(async (request) => oauthJson(await users.list(...pageOf(request)))),
      POST: admin((request) => add(request, users, admins)),
    },
    "/auth/users/:id": {
      GET: admin(async (request) => oauthJson((await users.find(idOf(request))) ?? missing())),
      PATCH: admin((request) => change(request, users, admins)),
      DELETE: admin(async (request) => {
        if (!(await users.remove(idOf(request)))) missing();
        return { status: 204, headers: unkept };
      }),
    },
    "/auth/password": { POST: (request, identify) => changeOwn(request, identify, users, attempts, admins) },
  };
}

const missing = (): never => {
  throw problem("not_found", "There is no user of this id. GET /auth/users lists those that there are.");
};

async function add(request: ApiRequest, users: Users, { roles }: Admins): Promise<ApiResponse> {
  const fields = await readFields(request, { form: false });
  refuseUnknown(fields, ["username", "password", "role", "claims"]);
  const [username, password] = [formText(fields, "username"), formText(fields, "password")];
  const user = await users.add({ username, password, role: roleField(fields, roles), claims: claimsField(fields) });
  return oauthJson(user, 201, { location: `${request.prefix}/auth/users/${user.id}` });
}

async function change(request: ApiRequest, users: Users, { roles }: Admins): Promise<ApiResponse> {
  const fields = await readFields(request, { form: false });
  refuseUnknown(fields, ["password", "role", "claims", "disabled"]);
  const { disabled } = fields;
  if (disabled !== undefined && typeof disabled !== "boolean")
    throw problem("invalid_body", "'disabled' is true or false.", {
      errors: [{ field: "disabled", message: "is true or false" }],
    });
  const change: UserChange = {
    ...("password" in fields && { password: formText(fields, "password") }),
    ...("role" in fields && { role: roleField(fields, roles) }),
    ...("claims" in fields && { claims: claimsField(fields) }),
    ...(disabled !== undefined && { disabled }),
  };
  return oauthJson((await users.change(idOf(request), change)) ?? missing());
}

/** A stolen token alone does not change it: the old one is asked for, and counted like a sign-in. Ends all of one's tokens. */
async function changeOwn(
  request: ApiRequest,
  identify: Identify,
  users: Users,
  attempts: Attempts,
  { proxies }: Admins,
): Promise<ApiResponse> {
  const { sub, username } = (await identify(request))?.claims ?? unsigned();
  const fields: FormFields = await readFields(request, { form: false });
  refuseUnknown(fields, ["password", "new_password"]);
  const [old, next] = [formText(fields, "password"), formText(fields, "new_password")];
  const user = typeof username === "string" ? await users.findByName(username) : undefined;
  if (user === undefined || String(user.id) !== sub)
    throw problem("forbidden", "Your password is not kept here: change it where you have signed in.");
  await attempted(attempts, user.username, clientAddress(request, proxies), async () => {
    const judged = await users.judge(user.username, old);
    return judged === "wrong" ? undefined : judged;
  });
  await users.change(user.id, { password: next });
  return { status: 204, headers: unkept };
}

const unsigned = (): never => {
  throw unauthorized();
};
