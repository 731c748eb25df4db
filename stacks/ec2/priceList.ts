import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import { z } from "zod";
import type { Ec2Plan } from "./plan.ts";
import type { Rates } from "./price.ts";

/** The region whose endpoint answers for all regions. */
const home = "us-east-1";

/** Hours that AWS counts for a month. */
const hoursPerMonth = 730;

/** A product of the price list, as far as it is read; the list gives them as JSON texts. */
const product = z.object({
  product: z.object({ attributes: z.record(z.string(), z.string()) }),
  terms: z.object({
    OnDemand: z.record(
      z.string(),
      z.object({
        priceDimensions: z.record(z.string(), z.object({ pricePerUnit: z.object({ USD: z.coerce.number() }) })),
      }),
    ),
  }),
});

/**
 * Asks AWS's price list what a host of each type costs by the hour: the instance on demand, its gp3 disk and its public
 * address. A spot instance costs no more than that.
 * @throws Error when the list cannot be reached, or does not know one of these.
 * @see https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
 */
export async function listedRates(
  { region, diskGib }: Ec2Plan,
  types: readonly string[],
  deadlineMs: number,
): Promise<Rates> {
  const client = new PricingClient({ region: home, maxAttempts: 1 });
  const abortSignal = AbortSignal.timeout(deadlineMs);
  const ask = async (ServiceCode: string, fields: Record<string, string>, usage = ""): Promise<number> => {
    const Filters = Object.entries({ regionCode: region, ...fields }).map(([Field, Value]) => ({
      Type: "TERM_MATCH" as const,
      Field,
      Value,
    }));
    const question = new GetProductsCommand({ ServiceCode, Filters });
    // Its type is of a package that this client does not declare.
    const { PriceList = [] } = (await client.send(question, { abortSignal })) as { PriceList?: unknown[] };
    const prices = PriceList.map((text) => product.parse(JSON.parse(String(text))))
      .filter(({ product: { attributes } }) => (attributes.usagetype ?? "").endsWith(usage))
      .flatMap(({ terms }) => Object.values(terms.OnDemand))
      .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
      .map(({ pricePerUnit }) => pricePerUnit.USD)
      .filter((price) => price > 0);
    if (prices.length > 0) return Math.max(...prices);
    throw new Error(`AWS's price list has no price of ${Object.values(fields).join(", ")} in ${region}`);
  };

  const machine = { operatingSystem: "Linux", tenancy: "Shared", preInstalledSw: "NA", capacitystatus: "Used" };
  const [disk, address, ...instances] = await Promise.all([
    ask("AmazonEC2", { productFamily: "Storage", volumeApiName: "gp3" }),
    ask("AmazonVPC", { group: "VPCPublicIPv4Address" }, "PublicIPv4:InUseAddress"),
    ...types.map((instanceType) => ask("AmazonEC2", { instanceType, ...machine })),
  ]);
  const more = (disk * diskGib) / hoursPerMonth + address;
  return Object.fromEntries(types.map((type, index) => [type, (instances[index] ?? 0) + more]));
}
