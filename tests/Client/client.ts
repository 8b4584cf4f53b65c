// A program as a user of the API writes it: it compiles only if the document describes what these calls send and return.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

type Step = components["schemas"]["Step"];

const client = createClient<paths>({ baseUrl: "http://localhost:8080", headers: { "X-Api-Key": "fu_…" } });

const steps: Step[] = [
  { type: "EMAIL", subject: "Your offer", body: "<p>Hi</p>" },
  { type: "WAIT", delayDays: 3 },
  { type: "SMS", message: "Hi" },
];

export async function enrol(email: string): Promise<string> {
  const created = await client.POST("/api/sequences", { body: { name: "Offer follow-up", steps } });
  if (created.error) throw new Error(`${created.error.code}: ${created.error.detail}`);

  const enrolled = await client.POST("/api/sequences/{id}/instances", {
    params: { path: { id: created.data.id }, header: { "Idempotency-Key": "1" } },
    body: { recipient: { email }, variables: { offer: { address: "Main St 1" } } },
  });
  if (enrolled.error) throw new Error(Object.keys(enrolled.error.errors ?? {}).join());
  return enrolled.data.id;
}

export async function waiting(sequenceId: string): Promise<string[]> {
  const page = await client.GET("/api/instances", {
    params: { query: { sequenceId, status: "ACTIVE", attention: "inDoubt", sort: "nextDueAt", limit: 200 } },
  });
  return page.data?.items.filter((instance) => instance.stopReason === null).map((instance) => instance.recipient.email) ?? [];
}

export async function subjects(id: string): Promise<string[]> {
  const version = await client.GET("/api/sequences/{id}/versions/{version}", { params: { path: { id, version: 1 } } });
  return (version.data?.steps ?? []).flatMap((step) => (step.type === "EMAIL" ? [step.subject ?? ""] : []));
}

export async function rename(id: string): Promise<boolean> {
  const changed = await client.PUT("/api/sequences/{id}", { params: { path: { id } }, body: { name: "Offers" } });
  return changed.data !== undefined && "enabled" in changed.data && changed.data.enabled;
}

export async function sendAtAnyTime(id: string): Promise<boolean> {
  const changed = await client.PUT("/api/sequences/{id}", { params: { path: { id } }, body: { schedule: null } });
  return changed.data !== undefined && "schedule" in changed.data && changed.data.schedule === null;
}

export async function provider(instanceId: string): Promise<unknown> {
  const events = await client.GET("/api/instances/{id}/events", { params: { path: { id: instanceId } } });
  return events.data?.items[0]?.content["provider"];
}

export async function neededVariables(id: string): Promise<string[]> {
  const sequence = await client.GET("/api/sequences/{id}", { params: { path: { id } } });
  return sequence.data?.variables.filter((variable) => variable.required).map((variable) => variable.name) ?? [];
}

// @ts-expect-error: a status is one of five.
export const wrongStatus: components["schemas"]["Instance"]["status"] = "RUNNING";
// @ts-expect-error: a step has no fields of another type.
export const wrongStep: Step = { type: "SMS", message: "Hi", delayDays: 3 };
// @ts-expect-error: a change cannot remove the name.
export const wrongChange: components["schemas"]["SequenceChange"] = { name: null };
// @ts-expect-error: a new sequence is enabled or not.
export const wrongSequence: components["schemas"]["CreateSequence"] = { name: "Offer", steps, enabled: null };
