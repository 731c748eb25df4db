import { fail, pass, type Check, type CheckContext } from "../check.ts";
import type { ImageState, RegistriesInfo } from "../engineState.ts";
import { lastLine, short } from "../registryChecks.ts";
import { blobsOf, registryDisk } from "../registryDisk.ts";
import { credentialsOf } from "./credentials.ts";
import { pulledBy, type Pull } from "./pulls.ts";
import type { LoggedRequest } from "./requests.ts";

const address = "mirror:5000";
const curl = `curl -sS --max-time 10 --cacert /etc/docker/certs.d/${address}/ca.crt`;
const repository = "library/orders";

const checks: Check[] = [
  {
    id: "published",
    step: 1,
    title: "upstream has library/orders, 1.0 and 1, and library/stock",
    run: async (context) => {
      const { tags } = await registryDisk(context.host("upstream"), "hub");
      const wanted = [`${repository}:1.0`, `${repository}:1`, "library/stock:1"];
      const missing = wanted.filter((name) => !tags.has(name));
      return missing.length === 0
        ? pass([...tags].map(([name, digest]) => `${name} is ${short(digest)}`).join(", "))
        : fail(`upstream has no ${missing.join(", no ")}`, "Push each to upstream:5000/..., logged in as publisher.");
    },
  },
  {
    id: "cache-over-tls",
    step: 2,
    title: "The cache answers over TLS that the hosts trust",
    run: async (context) => {
      const answer = await context.host("host-1").run(`${curl} -o /dev/null -w '%{http_code}' https://${address}/v2/`);
      if (answer.code !== 0)
        return fail(`host-1 gets no answer over TLS: ${lastLine(answer)}`, "docker logs cache, on mirror");
      return answer.stdout === "200"
        ? pass(`https://${address}/v2/ answers 200 to host-1, which gave no account`)
        : fail(`https://${address}/v2/ answers ${answer.stdout}`, "The cache asks its own clients for no account.");
    },
  },
  {
    id: "credentials-kept",
    step: 2,
    title: "The cache asks upstream as mirror, and the password is in files for root alone",
    run: async (context) => {
      const found = await credentialsOf(context.host("mirror"));
      if (!found) return fail("no container cache runs on mirror", "docker run --detach --name cache ... registry:2");
      const { upstream, account, inspected, logged, files } = found;
      if (!/^https:\/\/upstream:5000\/?$/.test(upstream))
        return fail(
          `its upstream is ${upstream || "none"}`,
          "proxy.remoteurl is https://ACCOUNT:PASSWORD@upstream:5000",
        );
      if (account !== "mirror")
        return fail(`it asks as ${account || "nobody"}`, "An account that may only pull is enough: mirror.");
      if (inspected)
        return fail("docker inspect cache prints the password", "Not by --env or as an argument: in config.yml.");
      if (logged)
        return fail(
          "the log of cache has the password",
          "log.level: warn. Then make the container anew: its log goes with it.",
        );
      const open = Object.entries(files).filter(([, mode]) => !/^[0-7]?[0-7]00$/.test(mode));
      const seen = (list: [string, string][]) => list.map(([path, mode]) => `${path} (${mode})`).join(", ");
      return open.length === 0
        ? pass(`it asks ${upstream} as mirror; the password is in ${seen(Object.entries(files))}, and nowhere else`)
        : fail(`others than root may read the password in ${seen(open)}`, "chmod 600, or remove it");
    },
  },
  {
    id: "pushes-refused",
    step: 2,
    title: "The cache takes no pushes",
    run: async (context) => {
      const host = context.host("host-1");
      const upload = await host.run(`${curl} -i -X POST https://${address}/v2/library/drydock-check/blobs/uploads/`);
      if (upload.code !== 0) return fail(`no answer: ${lastLine(upload)}`, "docker logs cache, on mirror");
      const status = /^HTTP\/\S+ (\d+)/.exec(upload.stdout)?.[1] ?? "nothing";
      const begun = /^location: (\S+)/im.exec(upload.stdout)?.[1];
      if (begun !== undefined) await host.run(`${curl} -o /dev/null -X DELETE '${begun}'`);
      return status === "405"
        ? pass("it answers 405 to the beginning of a push")
        : fail(
            `it answers ${status} to the beginning of a push`,
            "With proxy.remoteurl a registry is a cache, and read-only.",
          );
    },
  },
  {
    id: "engines-ask-the-cache",
    step: 3,
    title: "Both engines ask the cache first for Docker Hub's images",
    run: async (context) => {
      for (const engine of [context.host("host-1"), context.host("host-2")]) {
        const { RegistryConfig: known } = await engine.engine<RegistriesInfo>("/info");
        const [first = "nobody"] = known.Mirrors;
        if (first !== `https://${address}/`)
          return fail(`${engine.name}'s engine first asks ${first}`, "registry-mirrors, and kill -HUP of dockerd");
        if (known.IndexConfigs[address]?.Secure === false)
          return fail(`${engine.name}'s engine has ${address} among its insecure registries`, "Take it out.");
      }
      return pass(`host-1 and host-2 first ask https://${address}/`);
    },
  },
  {
    id: "first-pull-fetched",
    step: 3,
    title: "host-1 has orders by a pull that the cache answered, and fetched from upstream",
    run: async (context) => {
      const { images, pulls } = await pulledBy(context, "host-1");
      const miss = pulls.find(({ upstreamSaid, fetched }) => upstreamSaid?.some(isOk) && fetched.length > 0);
      if (miss)
        return pass(
          `at ${time(miss.begin)} host-1 pulled orders:${miss.tag}, the cache asked upstream for it, and got ${mib(miss)}`,
        );
      if (images.length === 0)
        return fail("host-1 has no image orders of upstream's", "docker pull orders:1, on host-1");
      return pulls.length === 0
        ? fail(`host-1 has orders, and the cache's log no pull of it`, "Remove the image, and pull orders:1.")
        : fail(
            "host-1 has pulled orders, and upstream's log has nothing of the cache fetching it",
            "Publish another version as 1, and pull orders:1 on host-1 while upstream is there.",
          );
    },
  },
  {
    id: "served-while-cut-off",
    step: 4,
    title: "host-2 has orders by a pull that the cache answered while upstream was cut off",
    run: async (context) => {
      const { images, pulls } = await pulledBy(context, "host-2");
      const served = pulls.find(({ upstreamSaid }) => upstreamSaid?.every(isAway));
      if (served)
        return pass(
          `at ${time(served.begin)} the cache sent host-2 orders:${served.tag}, ${mib(served)}, and upstream answered it nothing`,
        );
      if (images.length === 0)
        return fail("host-2 has no image orders of upstream's", "docker pull orders:1, on host-2");
      const again =
        "On host-2 docker image rm orders:1, on upstream docker stop hub-gate, then pull orders:1 on host-2.";
      const last = pulls.at(-1);
      if (!last)
        return fail("host-2 has orders, and the cache's log no pull of it by a tag: it came another way", again);
      return last.upstreamSaid
        ? fail(
            `upstream was there: it answered the cache's question during host-2's pull of ${time(last.begin)}`,
            again,
          )
        : fail(`upstream's log begins after host-2's pull of ${time(last.begin)}, so it says nothing of it`, again);
    },
  },
  {
    id: "moved-tag-followed",
    step: 5,
    title: "The tag 1 has moved on upstream, and host-1 got the new image by it",
    run: async (context) => {
      const { first, now } = await versions(context);
      if (first === undefined || now === undefined || first === now)
        return fail("on upstream 1 is still what 1.0 is", "Build VERSION=1.1 and push it as 1.1 and as 1.");
      const cached = (await registryDisk(context.host("mirror"), "cache")).tags.get(`${repository}:1`);
      if (cached !== now)
        return fail(
          `1 is ${short(now)} on upstream, and ${cached ? short(cached) : "unknown"} in the cache`,
          "docker pull orders:1, on host-1",
        );
      const images = await context.host("host-1").engine<ImageState[]>("/images/json");
      const has = images.some(
        ({ RepoTags, RepoDigests }) => RepoTags?.includes("orders:1") && RepoDigests?.includes(`orders@${now}`),
      );
      return has
        ? pass(`1 was ${short(first)} and is ${short(now)}, on upstream, in the cache and on host-1`)
        : fail(`host-1's orders:1 is not ${short(now)}`, "docker pull orders:1, on host-1");
    },
  },
  {
    id: "cache-holds-what-was-asked",
    step: 5,
    title: "The cache reports orders, and holds all of both its images",
    run: async (context) => {
      const reported = await context.host("host-1").run(`${curl} https://${address}/v2/_catalog`);
      if (reported.code !== 0) return fail(`no report: ${lastLine(reported)}`, "docker logs cache, on mirror");
      const { repositories = [] } = JSON.parse(reported.stdout) as { repositories?: string[] };
      if (!repositories.includes(repository))
        return fail(`it reports ${repositories.join(", ") || "nothing"}`, "Pull orders:1 through it.");
      const { first, now } = await versions(context);
      const { manifests, blobs } = await registryDisk(context.host("mirror"), "cache");
      const images = manifests.filter(({ digest }) => digest === first || digest === now);
      const needed = new Set(images.flatMap(blobsOf));
      const held = blobs.filter(({ digest }) => needed.has(digest));
      const size = `${(held.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20).toFixed(1)} MiB`;
      return first !== now && images.length === 2 && held.length === needed.size
        ? pass(`it reports ${repositories.join(", ")}, and holds the ${held.length} blobs of 1.0 and 1, ${size}`)
        : fail(
            `it holds ${images.length} of the two images, ${held.length} of their ${needed.size} blobs`,
            "Pull orders:1 on host-1 before and after it moved.",
          );
    },
  },
];

export default checks;

/** What 1.0 and 1 are on upstream: digests, or undefined where it has none. */
async function versions(context: CheckContext) {
  const { tags } = await registryDisk(context.host("upstream"), "hub");
  return { first: tags.get(`${repository}:1.0`), now: tags.get(`${repository}:1`) };
}

const isOk = ({ status }: LoggedRequest) => status === 200;
/** A gate whose registry is away answers 502. */
const isAway = ({ status }: LoggedRequest) => status >= 500;

const time = (ms: number) => `${new Date(ms).toISOString().slice(11, 19)} UTC`;
const mib = ({ layerBytes }: Pull) => `${(layerBytes / 2 ** 20).toFixed(1)} MiB`;
