import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { forecastPrice, refuseOverBudget } from "../../../stacks/ec2/forecast.ts";
import { configOf, planOf } from "../arbitraries.ts";

const question = z.object({
  ServiceCode: z.string(),
  Filters: z.array(z.object({ Field: z.string(), Value: z.string() })),
});
type Question = z.infer<typeof question>;

/** USD, by the field that only one of our questions has. */
type PriceBook = Record<string, { usagetype: string; price: string }[]>;

/** A mock of AWS's price list: it has what it is given, in the form in which the list answers. */
async function priceList(book: PriceBook): Promise<{ server: Server; asked: Question[] }> {
  const asked: Question[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { ServiceCode, Filters } = question.parse(body);
      asked.push({ ServiceCode, Filters });
      const found = Filters.flatMap(({ Field, Value }) => book[`${Field}=${Value}`] ?? []);
      const PriceList = found.map(({ usagetype, price }) =>
        JSON.stringify({
          product: { attributes: { usagetype } },
          terms: { OnDemand: { a: { priceDimensions: { b: { pricePerUnit: { USD: price } } } } } },
        }),
      );
      response.setHeader("Content-Type", "application/x-amz-json-1.1").end(JSON.stringify({ PriceList }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL_PRICING", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { server, asked };
}

const now = new Date("2030-01-01T00:00:00Z");
const planned = (ec2: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  planOf("dev", ["one", "two"], {
    config: configOf({
      ...{ target: "ec2", expiry: "2999-01-02", ...more },
      ec2: { region: "eu-central-1", sshFrom: "198.51.100.0/24", diskGib: 73, ...ec2 },
    }),
  });

const book = {
  "instanceType=t3.small": [
    { usagetype: "EUC1-BoxUsage:t3.small", price: "0.0240000000" },
    { usagetype: "EUC1-UnusedBox:t3.small", price: "0.0000000000" },
  ],
  "volumeApiName=gp3": [{ usagetype: "EUC1-EBS:VolumeUsage.gp3", price: "0.1000000000" }],
  "group=VPCPublicIPv4Address": [
    { usagetype: "EUC1-PublicIPv4:IdleAddress", price: "0.0070000000" },
    { usagetype: "EUC1-PublicIPv4:InUseAddress", price: "0.0050000000" },
  ],
};

let server: Server | undefined;

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "mock");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "mock");
});

afterEach(() => {
  server?.close();
  vi.unstubAllEnvs();
});

test("the price list is asked for the region's instance, disk and address", async () => {
  const list = await priceList(book);
  ({ server } = list);

  const { perHour, source } = await forecastPrice([planned()], now);

  expect(perHour).toBeCloseTo(2 * (0.024 + 0.01 + 0.005));
  expect(source).toBe("AWS's price list");
  for (const { Filters } of list.asked) {
    expect(Filters).toContainEqual(expect.objectContaining({ Field: "regionCode", Value: "eu-central-1" }));
  }
});

test("the settings' table stands in for a list that does not answer, or does not know the type", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL_PRICING", "http://127.0.0.1:9");
  const own = { perHour: 0.5, source: "prices of drydock:ec2" };
  expect(await forecastPrice([planned({ prices: { "t3.small": 0.25 } })], now)).toMatchObject(own);

  ({ server } = await priceList({ ...book, "instanceType=t3.small": [] }));
  expect(await forecastPrice([planned({ prices: { "t3.small": 0.25 } })], now)).toMatchObject(own);
});

test("with neither the price is unknown, and says why; a budget is refused then", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL_PRICING", "http://127.0.0.1:9");

  const { perHour, source } = await forecastPrice([planned({ prices: { "t3.large": 1 } })], now);

  expect(perHour).toBeUndefined();
  expect(source).toMatch(/^AWS's price list cannot be had \(.*\), and prices of drydock:ec2 has no t3.small$/);
  await expect(refuseOverBudget(planned({}, { budget: 1_000 }))).rejects.toThrow("costs nobody knows how much");
  await expect(refuseOverBudget(planned())).resolves.toBeUndefined();
});

test("a budget is held against the price until the expiry", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL_PRICING", "http://127.0.0.1:9");
  const prices = { "t3.small": 0.25 };

  await expect(refuseOverBudget(planned({ prices }, { budget: 1_000 }))).rejects.toThrow("Stack dev may cost USD");
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  await expect(refuseOverBudget(planned({ prices }, { budget: 1, expiry: soon }))).resolves.toBeUndefined();
});
