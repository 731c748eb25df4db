import { randomBytes } from "node:crypto";
import type { Handler } from "../handler.ts";

export interface AccountInputs {
  /** Name of the account; allowed is what an htpasswd file takes: no colon. */
  account: string;
}

export interface AccountOutputs {
  password: string;
  /** The account's line of an htpasswd file, with a bcrypt hash. */
  htpasswd: string;
}

/** bcrypt's work factor: some 50 ms a look at a password, which every request of a client takes. */
const cost = 10;

/** An account with a random password of 144 bits. */
export const account: Handler<AccountInputs, AccountOutputs> = {
  async create({ account }) {
    const { hash } = (await import("bcryptjs")).default;
    const password = randomBytes(18).toString("base64url");
    return { id: account, outputs: { password, htpasswd: `${account}:${await hash(password, cost)}` } };
  },
  secretOutputs: ["password", "htpasswd"],
};
