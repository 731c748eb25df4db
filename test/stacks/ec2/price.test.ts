import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { priceOf, refuseOver, usd } from "../../../stacks/ec2/price.ts";
import { configOf, planOf } from "../arbitraries.ts";

const now = new Date("2030-01-01T00:00:00Z");

function plan(hosts: number, expiry?: string, instanceType = "t3.small") {
  const ec2 = { region: "eu-central-1", sshFrom: "198.51.100.0/24", instanceType };
  const config = configOf({ target: "ec2", ec2, ...(expiry === undefined ? {} : { expiry }) });
  return planOf(
    "dev",
    Array.from({ length: hosts }, (_, index) => `host-${index}`),
    { config },
  );
}

test("hosts cost what their types cost, by the hour and until the expiry", () => {
  const price = priceOf([plan(3, "2030-01-02T00:00:00Z")], { "t3.small": 0.03 }, now);

  expect(price.perHour).toBeCloseTo(0.09);
  expect(price.untilExpiry).toBeCloseTo(24 * 0.09);
});

test("of several plans each counts until its own expiry, and one that never expires has no end", () => {
  const plans = [plan(1, "2030-01-02T00:00:00Z"), plan(2, "2030-01-03T00:00:00Z", "t3.large")];
  const rates = { "t3.small": 1, "t3.large": 10 };

  expect(priceOf(plans, rates, now)).toEqual({ perHour: 21, untilExpiry: 24 * 1 + 48 * 20 });
  expect(priceOf([...plans, plan(1)], rates, now).untilExpiry).toBeUndefined();
});

test("more hosts, a later expiry or a higher rate never cost less", () => {
  const day = fc.integer({ min: 2, max: 28 });
  fc.assert(
    fc.property(
      fc.nat(10),
      fc.nat(10),
      day,
      day,
      fc.double({ min: 0, max: 10, noNaN: true }),
      (a, b, from, to, rate) => {
        const cost = (hosts: number, until: number) =>
          priceOf([plan(hosts, `2030-01-${String(until).padStart(2, "0")}`)], { "t3.small": rate }, now).untilExpiry ??
          NaN;
        expect(cost(Math.min(a, b), Math.min(from, to))).toBeLessThanOrEqual(cost(Math.max(a, b), Math.max(from, to)));
      },
    ),
  );
});

describe("a budget", () => {
  const source = "prices of drydock:ec2";

  test("that is enough is no matter", () => {
    expect(() => refuseOver(10, { perHour: 1, untilExpiry: 10, source }, "dev")).not.toThrow();
  });

  test("that is not is named with the price, and what to do", () => {
    expect(() => refuseOver(10, { perHour: 0.5, untilExpiry: 10.01, source }, "dev")).toThrow(
      "Stack dev may cost USD 10.01 until its expiry, at USD 0.5000 per hour (prices of drydock:ec2); its budget is USD 10.00. Nothing was made.",
    );
  });

  test("cannot be held without an expiry", () => {
    expect(() => refuseOver(10, { perHour: 0.5, untilExpiry: undefined, source }, "dev")).toThrow("never expires");
  });

  test("cannot be held when the price is unknown", () => {
    const unknown = { perHour: undefined, untilExpiry: undefined, source: "no list" };
    expect(() => refuseOver(10, unknown, "dev")).toThrow("costs nobody knows how much: no list");
  });
});

test("small amounts keep their digits", () => {
  expect([usd(0.0208), usd(12.5)]).toEqual(["USD 0.0208", "USD 12.50"]);
});
