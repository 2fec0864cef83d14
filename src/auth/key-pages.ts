// `/auth/keys`: which keys there are, for admins. A key is shown when it is made, and never again.
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { problem } from "../http/problem.js";
import { type Admins, adminOnly, claimsField, idOf, pageOf, roleField } from "./admin.js";
import { formText, readFields, refuseUnknown } from "./form.js";
import type { Keys } from "./key-rows.js";
import type { AuthPages } from "./mounted-pages.js";
import { oauthJson, unkept } from "./oauth.js";

export function keyPages(keys: Keys, admins: Admins): AuthPages {
  const admin = (work: (request: ApiRequest) => Promise<ApiResponse>) => adminOnly(admins, work);
  return {
    "/auth/keys": {
      GET: admin(async (request) => oauthJson(await keys.list(...pageOf(request)))),
      POST: admin((request) => add(request, keys, admins)),
    },
    "/auth/keys/:id": {
      GET: admin(async (request) => oauthJson((await keys.find(idOf(request))) ?? missing())),
      DELETE: admin(async (request) => {
        if (!(await keys.remove(idOf(request)))) missing();
        return { status: 204, headers: unkept };
      }),
    },
  };
}

const missing = (): never => {
  throw problem("not_found", "There is no key of this id. GET /auth/keys lists those that there are.");
};

async function add(request: ApiRequest, keys: Keys, { roles }: Admins): Promise<ApiResponse> {
  const fields = await readFields(request, { form: false });
  refuseUnknown(fields, ["name", "role", "claims", "expiresAt"]);
  const made = await keys.add({
    name: formText(fields, "name"),
    role: roleField(fields, roles),
    claims: claimsField(fields),
    ...("expiresAt" in fields && { expiresAt: new Date(formText(fields, "expiresAt")) }),
  });
  return oauthJson(made, 201, { location: `${request.prefix}/auth/keys/${made.id}` });
}
