import { expect, test } from "vitest";
import { outerEngine } from "../../engine/outer.ts";
import { catalogue } from "../../images/catalogue.ts";
import { resolveDigests } from "../../images/digests.ts";
import { baseImage, ensureImage, repositoryAndTag } from "../../images/image.ts";
import { readEvents } from "../../images/engineStream.ts";
import { exclusively } from "../../images/lock.ts";
import { withRegistry } from "../../images/temporaryRegistry.ts";

test("a registry's digests are resolved, and what it does not have is said", async () => {
  const engine = await outerEngine();
  const { tag: registry } = await ensureImage(engine, "registry");
  const { tag: image } = await ensureImage(engine, "busybox");
  const upstream = catalogue.nginx.upstream;
  const { resolved, pushed } = await exclusively(
    engine,
    baseImage,
    () => undefined,
    () =>
      withRegistry(engine, registry, [], async ({ address }) => {
        const name = `${address}/library/${upstream}`;
        await engine.getImage(image).tag(repositoryAndTag(name));
        const authconfig = { username: "", password: "", serveraddress: "" };
        await readEvents(engine, await engine.getImage(name).push({ authconfig }));
        const { RepoDigests: digests } = await engine.getImage(name).inspect();
        const pushed = digests.find((digest) => digest.startsWith(address))?.split("@")[1];
        await engine.getImage(name).remove();
        return { pushed, resolved: await resolveDigests(engine, { registry: address }) };
      }),
  );
  expect(pushed).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(resolved.filter(({ digest }) => digest !== undefined)).toEqual([{ upstream, digest: pushed }]);
  for (const { error } of resolved.filter((one) => one.upstream !== upstream))
    expect(error).toMatch(/not found|unknown/);
  expect(resolved).toHaveLength(Object.keys(catalogue).length);
});
