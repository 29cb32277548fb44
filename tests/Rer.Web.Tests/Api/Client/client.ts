// Checks a plan, launches it and follows its events, by a client that was generated from the interface's own description.
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./rer.js";

declare const process: { argv: string[]; exitCode: number };

type Plan = components["schemas"]["RunPlan"];
type Event = components["schemas"]["RunEvent"];
// The operations have names of their own.
type Launched = operations["launchRun"]["responses"][201]["content"]["application/json"];
type Wrong = operations["checkPlan"]["responses"][200]["content"]["application/json"];

const [address, token] = process.argv.slice(2) as [string, string];
const rer = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });

function must<T>(what: string, answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(`${what}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const start = must("getStartingPlan", await rer.GET("/api/plans/start"));
const plan: Plan = { ...start, design: "LI", ppo: { ...start.ppo, steps: 6 }, evaluation: { ...start.evaluation, every: 3 } };

const wrong: Wrong = must("checkPlan", await rer.POST("/api/plans/check", { body: { ...plan, ppo: { ...plan.ppo, clipRange: 1.4 } } }));
console.log(`wrong: ${wrong.map((error) => error.option).join(",")}`);
console.log(`right: ${must("checkPlan", await rer.POST("/api/plans/check", { body: plan })).length} errors`);

const refused = await rer.POST("/api/runs", { body: { ...plan, ppo: { ...plan.ppo, batchSize: 0 } } });
console.log(`refused: ${refused.response.status} ${refused.error?.errors?.map((error) => error.option).join(",")}`);

const launched: Launched = must("launchRun", await rer.POST("/api/runs", { body: plan }));
const seen = new Map<Event["kind"], number>();
for await (const event of follow(launched.id)) {
  seen.set(event.kind, (seen.get(event.kind) ?? 0) + 1);
  if (event.kind === "state" && event.state === "Finished") break;
}

console.log(`events: ${(["step", "evaluation", "checkpoint"] as const).map((kind) => `${seen.get(kind) ?? 0} ${kind}`).join(", ")}`);
const run = must("getRun", await rer.GET("/api/runs/{id}", { params: { path: { id: launched.id } } }));
console.log(`run: ${run.run.state} at ${run.run.step}`);

async function* follow(id: string): AsyncGenerator<Event> {
  const answer = await rer.GET("/api/runs/{id}/events", { params: { path: { id }, query: { after: 0 } }, parseAs: "stream" });
  const stream = answer.data as unknown as ReadableStream<Uint8Array> | undefined;
  if (!stream) throw new Error(`followRun: ${JSON.stringify(answer.error)}`);
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data:")) yield JSON.parse(line.slice("data:".length)) as Event;
  }
}
