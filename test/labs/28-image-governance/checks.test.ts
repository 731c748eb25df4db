import { it } from "vitest";
import type { Changes } from "../replay.ts";
import { expectFail, reprint, say } from "../verdicts.ts";

const slug = "image-governance";

/** OPA's answer, with the answers at those places turned round. */
const turned = (query: string, ...places: number[]): Changes =>
  reprint(new RegExp(`${query}.*opa eval`), (stdout) => {
    const answer = JSON.parse(stdout) as { result: [{ expressions: [{ value: { Allow: boolean }[] }] }] };
    for (const place of places) {
      const one = answer.result[0].expressions[0].value[place];
      if (one) one.Allow = !one.Allow;
    }
    return JSON.stringify(answer);
  });
const inLog = (text: string, change: (text: string) => string) => reprint(new RegExp(`docker logs.*${text}`), change);

/** Changes what an engine tells of a container. */
const container = (name: string, answer: unknown): Changes => ({
  engine: (path, known) => (path === `/containers/${name}/json` ? answer : known),
});

it.each<[string, RegExp, Changes]>([
  ["engine-asks", /did something just now, and did not ask/, say(/GET \/version/, { code: 1 })],
  [
    "engine-asks",
    /did something just now, and did not ask/,
    inLog("GET /version", (text) => text.replaceAll('"X-Engine":["node"]', '"X-Engine":["other"]')),
  ],
  ["audit-without-secrets", /has no container that was made/, say(/POST \/containers\/create/, { code: 1 })],
  [
    "audit-without-secrets",
    /is there with all that the request carried/,
    inLog("POST /containers/create", (text) =>
      text.replaceAll('"erased":["/input/RequestBody"],', "").replaceAll('"input":{', '"input":{"RequestBody":"eyJ9",'),
    ),
  ],
  ["registry-only", /refused, and should not be: pull hub:5000\/shop@/, turned("nginx", 0)],
  ["registry-only", /refused, and should not be: docker ps$/, turned("nginx", 2)],
  [
    "registry-only",
    /allowed, and should not be: run nginx by a request in another form, run nginx by a request in another form$/,
    turned("nginx", 6, 7),
  ],
  ["registry-only", /allowed, and should not be: pull nginx:latest, pull nginx --all-tags$/, turned("nginx", 3, 4)],
  [
    "registry-only",
    /the policies cannot be asked: \/policies\/images.rego:3: unexpected token/,
    say(/opa eval/, {
      code: 2,
      stdout: JSON.stringify({
        errors: [
          {
            message: "unexpected token",
            code: "rego_parse_error",
            location: { file: "/policies/images.rego", row: 3 },
          },
        ],
      }),
    }),
  ],
  [
    "registry-only",
    /the policies cannot be asked: Error response from daemon: container is not running/,
    say(/opa eval/, { code: 1, stderr: "Error response from daemon: container is not running\n" }),
  ],
  ["digest-only", /refused, and should not be: run hub:5000\/shop:1.0@sha256:555/, turned("", 2)],
  ["digest-only", /allowed, and should not be: run hub:5000\/shop@sha256:abc/, turned("", 8)],
  ["shop-pinned", /its container shop: no such container/, container("shop", { error: "no such container" })],
  [
    "shop-pinned",
    /shop is running, from hub:5000\/shop:1.0/,
    container("shop", { Config: { Image: "hub:5000/shop:1.0" }, State: { Status: "running" } }),
  ],
  [
    "shop-pinned",
    /shop is exited/,
    container("shop", { Config: { Image: `hub:5000/shop@sha256:${"5".repeat(64)}` }, State: { Status: "exited" } }),
  ],
  ["refused", /has no refusal of hub:5000\/shop by a tag/, say(/"Allow":false/, { code: 1 })],
  [
    "refused",
    /has no refusal of hub:5000\/shop by a tag/,
    inLog('"Allow":false', (text) => text.replaceAll("hub:5000/shop:1.0", "busybox")),
  ],
  ["fails-closed", /has never missed its policy server/, { engineLog: () => [] }],
  ["fails-closed", /policy is exited on hub/, container("policy", { State: { Status: "exited" } })],
  ["fails-closed", /asks nobody any more/, say(/GET \/version/, { code: 1 })],
])("%s fails with %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));
