import { compare } from "bcryptjs";
import { expect, test } from "vitest";
import { account } from "../../provider/resources/account.ts";

test("an account has a password of its own, and the line of an htpasswd file that knows it", async () => {
  const { outputs: reader } = await account.create({ account: "reader" });
  const { outputs: builder } = await account.create({ account: "builder" });
  const hash = reader.htpasswd.slice("reader:".length);

  expect(reader.password).toMatch(/^[\w-]{24}$/);
  expect(builder.password).not.toBe(reader.password);
  expect(reader.htpasswd).toMatch(/^reader:\$2[aby]\$10\$/);
  expect(await compare(reader.password, hash)).toBe(true);
  expect(await compare(builder.password, hash)).toBe(false);
});

test("both are secrets", () => {
  expect(account.secretOutputs).toEqual(["password", "htpasswd"]);
});
