// Uses the client that openapi-typescript makes of the description: compiled, so that the types must fit, and run.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };

type NewInvite = components["schemas"]["NewInvite"];
type Kind = components["schemas"]["Kind"];

// Everything may be left out.
const nothing: NewInvite = {};
const bound: NewInvite = { username: "ann" };
const unlimited: NewInvite = { max_uses: null, kind: "account", expires_in: "7d" };
const note: components["schemas"]["InviteEdit"] = { note: "for Ann" };
const key: components["schemas"]["NewKey"] = {};
const batch: components["schemas"]["NewBatch"] = { count: 2 };
const completion: components["schemas"]["NewCompletion"] = { jid: "ann@localhost" };

const client = createClient<paths>({
  baseUrl: process.env.VESTIBULE_URL ?? "",
  headers: { Authorization: `Bearer ${process.env.VESTIBULE_KEY}` },
});

const kinds: Kind[] = [];
for (const body of [nothing, bound, unlimited]) {
  const { data, error, response } = await client.POST("/v1/invites", { body });
  if (!data) throw new Error(`${response.status} ${error.title}`);
  kinds.push(data.kind);
}
const made = await client.POST("/v1/invites/batch", { body: batch });
const listed = await client.GET("/v1/invites", { params: { query: { limit: 2, kind: "account" } } });
const first = listed.data?.items[0];
if (!made.data || !first) throw new Error("no invites");
const edited = await client.PATCH("/v1/invites/{id}", { params: { path: { id: first.id } }, body: note });
const claimed = await client.POST("/v1/redemptions", { body: { token: first.token ?? "", username: "bob" } });
if (!claimed.data) throw new Error(`no claim: ${claimed.error.title}`);
const completed = await client.POST("/v1/redemptions/{claim}/complete", {
  params: { path: { claim: claimed.data.claim } },
  body: { ...completion, jid: "bob@localhost" },
});
const keys = await client.POST("/v1/keys", { body: key });
const gone = await client.GET("/v1/invites/{id}", { params: { path: { id: "none" } } });
console.log(
  kinds.join(","), edited.data?.note, completed.data?.over_use, keys.response.status, gone.error?.type,
);
