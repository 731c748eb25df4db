import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { afterEach, describe, expect, test, vi } from "vitest";
import { providerOf, type Handler } from "../../provider/handler.ts";

const canary = "canary-7f3a";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });

interface Inputs {
  name: string;
  size: number;
  via: string;
  key: { private: string; hops: string[] };
}

interface Outputs {
  token: string;
  running: boolean;
  note?: string;
}

const inputs = { name: "a", size: 1, via: "x", key: secret({ private: canary, hops: [canary] }) };
const outputs: Outputs = { token: canary, running: true };
const urn = "urn:pulumi:dev::drydock::drydock:index:Lab$drydock:index:Box::box";

/** A provider of one kind of resource, and the plain values that its handler was given. */
function boxes(handler: Partial<Handler<Inputs, Outputs>> = {}): { provider: Provider; given: unknown[] } {
  const given: unknown[] = [];
  const box: Handler<Inputs, Outputs> = {
    create: (...args) => (given.push(...args), Promise.resolve({ id: "1", outputs })),
    read: (...args) => (given.push(...args), Promise.resolve(outputs)),
    update: (...args) => (given.push(...args), Promise.resolve(outputs)),
    delete: (...args) => (given.push(...args), Promise.resolve()),
    secretOutputs: ["token"],
    ...handler,
  };
  const provider = providerOf({ "drydock:index:Box": box, "drydock:index:Apple": box }, "1.2.3");
  return { provider, given };
}

const create = (provider: Provider) => provider.create?.(urn, inputs) as Promise<{ id: string; outs: object }>;

/** Every text in a tree that no secret mark covers. */
function plainTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  if ("4dabf18193072939515e22adb298388d" in value) return [];
  return Object.values(value).flatMap(plainTexts);
}

describe("secrets", () => {
  test("a handler gets plain values, whatever was marked and however deep", async () => {
    const { provider, given } = boxes();

    await provider.create?.(urn, {
      ...inputs,
      key: { private: secret(canary), hops: ["a", secret("b"), secret(secret("c"))] },
    });

    expect(given).toEqual([{ name: "a", size: 1, via: "x", key: { private: canary, hops: ["a", "b", "c"] } }]);
  });

  test("the state after create, read and update holds no secret in plain text", async () => {
    const { provider } = boxes();
    const { id, outs } = await create(provider);
    const read = await provider.read?.(id, urn, outs);
    const updated = await provider.update?.(id, urn, outs, { ...inputs, size: 2 });

    for (const state of [outs, read?.props, updated?.outs]) {
      expect(JSON.stringify(state)).toContain(canary);
      expect(plainTexts(state).join()).not.toContain(canary);
      expect(state).toMatchObject({ key: inputs.key, token: secret(canary), running: true });
    }
  });

  test("the handler gets its state back plain", async () => {
    const { provider, given } = boxes();
    const { id, outs } = await create(provider);
    given.length = 0;
    await provider.delete?.(id, urn, outs);

    const key = { private: canary, hops: [canary] };
    expect(given).toEqual(["1", { name: "a", size: 1, via: "x", key, token: canary, running: true }]);
  });

  test("an output that is not there is not in the state", async () => {
    const { provider } = boxes({
      create: () => Promise.resolve({ id: "1", outputs: { ...outputs, note: undefined } }),
    });

    expect((await create(provider)).outs).not.toHaveProperty("note");
  });
});

describe("differences", () => {
  async function diff(handler: Partial<Handler<Inputs, Outputs>>, news: object, olds: object = {}) {
    const { provider } = boxes(handler);
    const { outs } = await create(provider);
    return provider.diff?.("1", urn, { ...outs, ...olds }, { ...inputs, ...news });
  }

  test("the same values are no change, marked as secret or not", async () => {
    expect(await diff({}, { key: { private: secret(canary), hops: [canary] } })).toMatchObject({
      changes: false,
      replaces: [],
    });
  });

  test("a change is an update, or a replacement where the handler says so", async () => {
    const handler: Partial<Handler<Inputs, Outputs>> = { replaceOn: ["name"] };

    expect(await diff(handler, { size: 2 })).toMatchObject({ changes: true, replaces: [] });
    expect(await diff(handler, { size: 2, name: "b" })).toMatchObject({ changes: true, replaces: ["name"] });
  });

  test("a secret's change is a change", async () => {
    expect(await diff({}, { key: secret({ private: "another", hops: [canary] }) })).toMatchObject({ changes: true });
  });

  test("what cannot be updated is replaced, the old one first, as both have one name", async () => {
    expect(await diff({ update: undefined }, { size: 2 })).toEqual({
      changes: true,
      replaces: ["size"],
      deleteBeforeReplace: true,
    });
  });

  test("what only helps to reach the object is no change", async () => {
    const handler: Partial<Handler<Inputs, Outputs>> = { ignore: ["via", "key"] };

    expect(await diff(handler, { via: "y", key: secret("other") })).toMatchObject({ changes: false, replaces: [] });
  });

  test("a value that is not known yet may be a change", async () => {
    expect(await diff({ replaceOn: ["name"] }, { name: unknown })).toMatchObject({ changes: true, replaces: ["name"] });
  });

  test("what read found wrong is repaired by an update, not by a replacement", async () => {
    const handler: Partial<Handler<Inputs, Outputs>> = { drifted: ({ running }) => !running };

    expect(await diff(handler, {})).toMatchObject({ changes: false });
    expect(await diff(handler, {}, { running: false })).toMatchObject({ changes: true, replaces: [] });
  });
});

describe("reading", () => {
  test("an object that is gone has no id, so that Pulumi makes it again", async () => {
    const { provider } = boxes({ read: () => Promise.resolve(undefined) });

    expect(await provider.read?.("1", urn, inputs)).toEqual({ id: "", props: {} });
  });

  test("a kind that cannot be read is taken to be as the state says", async () => {
    const { provider } = boxes({ read: undefined });

    expect(await provider.read?.("1", urn, inputs)).toEqual({ id: "1", props: inputs });
  });
});

describe("errors", () => {
  test("only the message crosses to Pulumi", async () => {
    const cause = new Error("inner", { cause: canary });
    const { provider } = boxes({
      create: () => Promise.reject(Object.assign(new Error("taken", { cause }), { canary })),
    });

    const error = await create(provider).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );

    expect(error?.message).toBe("taken");
    expect(error).not.toHaveProperty("canary");
    expect(error?.cause).toBeUndefined();
  });

  test("what is thrown without being an error is its text", async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a library may do
    const { provider } = boxes({ create: () => Promise.reject("no space left") });

    await expect(create(provider)).rejects.toThrow(/^no space left$/);
  });

  test.each(["create", "read", "update", "delete", "diff"] as const)(
    "%s of an unknown type lists the known ones",
    async (call) => {
      const { provider } = boxes();
      const strange = urn.replace(":Box", ":Bax");
      const calls = {
        create: () => provider.create?.(strange, inputs),
        read: () => provider.read?.("1", strange, inputs),
        update: () => provider.update?.("1", strange, inputs, inputs),
        delete: () => provider.delete?.("1", strange, inputs),
        diff: () => provider.diff?.("1", strange, inputs, inputs),
      };

      await expect(async () => calls[call]()).rejects.toThrow(
        /^no resource type drydock:index:Bax; there are drydock:index:Apple, drydock:index:Box$/,
      );
    },
  );
});

test("the kind is the resource's own, not its parents'", async () => {
  const { provider, given } = boxes();

  await provider.create?.(
    "urn:pulumi:dev::drydock::drydock:index:Lab$drydock:index:Bax$drydock:index:Box::box",
    inputs,
  );

  expect(given).toHaveLength(1);
});

describe("an operation that never ends", () => {
  afterEach(() => vi.useRealTimers());

  test("is given up, with the resource's name", async () => {
    vi.useFakeTimers();
    const { provider } = boxes({ create: () => new Promise(() => undefined) });

    const made = expect(create(provider)).rejects.toThrow("create of box has not ended within 900 s");
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    await made;
  });

  test("has the time that its kind takes", async () => {
    vi.useFakeTimers();
    const twentyMinutes = () => new Promise<void>((resolve) => setTimeout(resolve, 20 * 60_000));
    const { provider } = boxes({
      create: () => twentyMinutes().then(() => ({ id: "1", outputs })),
      deadlineMin: 30,
    });

    const made = create(provider);
    await vi.advanceTimersByTimeAsync(20 * 60_000);
    expect(await made).toMatchObject({ id: "1" });
  });
});
