import { EC2Client, type Tag } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { MachineError } from "../machineError.ts";

/** How AWS is talked to; the credentials are those of the environment. */
export interface Aws {
  region: string;
  ec2: EC2Client;
  iam: IAMClient;
}

/** Longest that one answer may take, in milliseconds. */
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 20_000 };

export const awsIn = (region: string): Aws => ({
  region,
  ec2: new EC2Client({ region, requestHandler }),
  iam: new IAMClient({ region, requestHandler }),
});

/** Tags as the record that they are. */
export const tagRecord = (tags: readonly Tag[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** The name of an error of AWS, such as "InvalidVpcID.NotFound". */
export const codeOf = (error: unknown): string => (error instanceof Error ? error.name : "");

/** Whether an error says that there is no such thing. */
export const isGone = (error: unknown): boolean => /NotFound$|^NoSuchEntity/.test(codeOf(error));

/** @throws MachineError when AWS cannot be asked: it is not reached, or lets nobody in with these credentials. */
export async function asking<T>({ region }: Aws, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MachineError) throw error;
    throw new MachineError(`AWS could not be asked in region ${region}.`, {
      details: [`${codeOf(error)}: ${error instanceof Error ? error.message : String(error)}`],
      fix: "Give credentials as for any tool of AWS: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    });
  }
}
