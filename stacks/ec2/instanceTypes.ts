/** Memory that a host's system takes beside the learner's work, in MiB. */
const systemMib = 512;

/**
 * The t3 family: two to eight virtual processors, x86, burstable. Memory in MiB.
 * @see https://aws.amazon.com/ec2/instance-types/t3/
 */
const t3 = [
  { type: "t3.small", memoryMib: 2_048 },
  { type: "t3.medium", memoryMib: 4_096 },
  { type: "t3.large", memoryMib: 8_192 },
  { type: "t3.xlarge", memoryMib: 16_384 },
  { type: "t3.2xlarge", memoryMib: 32_768 },
] as const;

/** The smallest type that has a host's memory; undefined when none has. */
export const typeFor = (memoryMib: number): string | undefined =>
  t3.find((type) => type.memoryMib >= memoryMib + systemMib)?.type;

/** As Debian names its images. */
export type Architecture = "amd64" | "arm64";

/**
 * The processor of an instance type, by its name: a "g" after the generation's number is Graviton, and so is a1.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export const architectureOf = (type: string): Architecture => (/^(a1\.|[a-z]+\d+g)/.test(type) ? "arm64" : "amd64");
