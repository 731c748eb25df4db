import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { ec2Site } from "../../../stacks/ec2/site.ts";
import { silentReporter } from "../../../stacks/reporter.ts";
import { planOf } from "../arbitraries.ts";

/** What EC2 answers to DescribeInstances. */
const described = (instances: string) =>
  `<DescribeInstancesResponse><reservationSet><item><instancesSet>${instances}</instancesSet></item></reservationSet></DescribeInstancesResponse>`;
const going = "<item><instanceId>i-0a1b</instanceId><instanceState><name>shutting-down</name></instanceState></item>";

test("an update waits for the stack's instances that are shutting down, which the provider would take for hosts", async () => {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      asked.push(new URLSearchParams(body));
      response.end(described(asked.length < 2 ? going : ""));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "nobody");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "nothing");
  onTestFinished(() => void vi.unstubAllEnvs());

  await ec2Site("eu-central-1").prepare(planOf("cloud", ["a"]), silentReporter);

  expect(asked).toHaveLength(2);
  const values = [...(asked[0]?.values() ?? [])];
  expect(values).toEqual(expect.arrayContaining(["tag:drydock.stack", "cloud", "shutting-down"]));
});
