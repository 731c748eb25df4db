import { fail, pass, type Check, type CheckContext, type CheckHost } from "../check.ts";
import type { ImageState, RegistriesInfo } from "../engineState.ts";
import { labelsOf, lastLine, manifestOf, registryGet, short, type RegistryView } from "../registryChecks.ts";
import { blobsOf, registryDisk } from "../registryDisk.ts";

const address = "depot:5000";
const authority = `/etc/docker/certs.d/${address}/ca.crt`;
const versionLabel = "org.opencontainers.image.version";
const candidate = "2.0.0-rc.1";

const both = (context: CheckContext) => ({ client: context.host("client"), depot: context.host("depot") });
const seenBy = (host: CheckHost): RegistryView => ({ host, address });

const checks: Check[] = [
  {
    id: "certificate-for-depot",
    step: 1,
    title: "depot has a certificate for its name, and client trusts the CA that signed it",
    run: async (context) => {
      const { client, depot } = both(context);
      const verified = await depot.run(
        "cd /root/registry && openssl verify -CAfile ca.crt -verify_hostname depot depot.crt",
      );
      if (verified.code !== 0) {
        return fail(
          `on depot, /root/registry/depot.crt does not verify against ca.crt: ${lastLine(verified)}`,
          "Sign it with the CA's key, and give it the subjectAltName DNS:depot.",
        );
      }
      const print = (file: string) => `openssl x509 -noout -fingerprint -sha256 -in ${file}`;
      const [ours, theirs] = [await depot.run(print("/root/registry/ca.crt")), await client.run(print(authority))];
      return theirs.code === 0 && ours.stdout === theirs.stdout
        ? pass(`depot.crt is for depot and verifies; client has its CA in ${authority}`)
        : fail(`client has not that CA in ${authority}: ${lastLine(theirs)}`, "Copy ca.crt there, and never ca.key.");
    },
  },
  {
    id: "served-over-tls",
    step: 2,
    title: "The registry speaks TLS that client trusts, and is nowhere called insecure",
    run: async (context) => {
      const { client } = both(context);
      const answer = await client.run(
        `curl -sS -o /dev/null -w '%{http_code} by TLS, verified %{ssl_verify_result}' --max-time 10 --cacert ${authority} https://${address}/v2/`,
      );
      if (answer.code !== 0)
        return fail(`client gets no answer over TLS: ${lastLine(answer)}`, "Is hub running, with port 5000 published?");
      const { RegistryConfig: known } = await client.engine<RegistriesInfo>("/info");
      return known.IndexConfigs[address]?.Secure === false
        ? fail(`client's engine has ${address} among its insecure registries`, "Take it out: the CA is enough.")
        : pass(`https://${address}/v2/ answers ${answer.stdout}`);
    },
  },
  {
    id: "password-asked",
    step: 2,
    title: "The registry lets in who knows a password, and nobody else",
    run: async (context) => {
      const { client } = both(context);
      const ask = (who: string) =>
        client.run(
          `curl -sS -o /dev/null -w '%{http_code}' --max-time 10 --cacert ${authority} ${who} https://${address}/v2/_catalog`,
        );
      const [nobody, wrong] = [await ask(""), await ask("-u nobody:wrong")];
      const seen = `without a password it answers ${nobody.stdout}, with a wrong one ${wrong.stdout}`;
      if (nobody.stdout !== "401" || wrong.stdout !== "401") return fail(seen, "Set auth: htpasswd in config.yml.");
      const { status } = await registryGet(seenBy(client), "_catalog");
      return status === 200
        ? pass(`${seen}, with the one that client is logged in with 200`)
        : fail(`${seen}, with the one that client is logged in with ${status}`, `docker login ${address}, on client`);
    },
  },
  {
    id: "first-release-pushed",
    step: 3,
    title: "app 1.0.0 is in the registry, and 1.0 is the same image",
    run: async (context) => {
      const { client } = both(context);
      const exact = await manifestOf(seenBy(client), "app", "1.0.0");
      const minor = await manifestOf(seenBy(client), "app", "1.0");
      if (!exact || !minor)
        return fail(`the registry has no app:${exact ? "1.0" : "1.0.0"}`, `docker push ${address}/app:1.0.0, and :1.0`);
      const version = (await labelsOf(seenBy(client), "app", exact))[versionLabel];
      if (version !== "1.0.0") return fail(`app:1.0.0 calls itself ${version}`, "Build it with VERSION=1.0.0.");
      return exact.digest === minor.digest
        ? pass(`1.0.0 and 1.0 are ${short(exact.digest)}`)
        : fail(`1.0.0 is ${short(exact.digest)}, 1.0 is ${short(minor.digest)}`, "Tag one image twice.");
    },
  },
  {
    id: "pulled-elsewhere",
    step: 3,
    title: "depot's engine, too, has pulled app 1.0.0 from the registry",
    run: async (context) => {
      const { client, depot } = both(context);
      const manifest = await manifestOf(seenBy(client), "app", "1.0.0");
      if (!manifest) return fail("the registry has no app:1.0.0", "Push it first.");
      const images = await depot.engine<ImageState[]>("/images/json");
      const wanted = `${address}/app@${manifest.digest}`;
      return images.some(({ RepoDigests }) => RepoDigests?.includes(wanted))
        ? pass(`depot holds ${address}/app@${short(manifest.digest)}`)
        : fail(`depot holds no image ${address}/app@${short(manifest.digest)}`, `docker pull ${address}/app:1.0.0`);
    },
  },
  {
    id: "tags-moved",
    step: 4,
    title: "1 and latest have moved to 1.1.0, and 1.0 has not",
    run: async (context) => {
      const { client } = both(context);
      const names = ["1.0.0", "1.0", "1.1.0", "1.1", "1", "latest"];
      const versions: string[] = [];
      for (const name of names) {
        const manifest = await manifestOf(seenBy(client), "app", name);
        if (!manifest) return fail(`the registry has no app:${name}`, "Push it: each tag is pushed by itself.");
        versions.push((await labelsOf(seenBy(client), "app", manifest))[versionLabel] ?? "no version");
      }
      const seen = names.map((name, index) => `${name} is ${versions[index]}`).join(", ");
      return versions.join() === "1.0.0,1.0.0,1.1.0,1.1.0,1.1.0,1.1.0"
        ? pass(seen)
        : fail(seen, "1.1.0 takes the tags 1.1, 1 and latest; 1.0 stays with 1.0.0.");
    },
  },
  {
    id: "digest-pinned",
    step: 5,
    title: "pinned runs on depot by the digest of 1.0.0, which no push can change",
    run: async (context) => {
      const { client, depot } = both(context);
      const containers = await depot.engine<{ Names: string[]; Image: string; State: string }[]>("/containers/json");
      const pinned = containers.find(({ Names }) => Names.includes("/pinned"));
      if (!pinned) return fail("no container pinned runs on depot", "docker run -d --name pinned ...");
      const manifest = await manifestOf(seenBy(client), "app", "1.0.0");
      return manifest && pinned.Image === `${address}/app@${manifest.digest}`
        ? pass(`pinned runs ${address}/app@${short(manifest.digest)}, which is 1.0.0`)
        : fail(`pinned runs ${pinned.Image}`, `Run ${address}/app@sha256:..., with the digest of 1.0.0.`);
    },
  },
  {
    id: "candidate-deleted",
    step: 6,
    title: `app ${candidate} was pushed, and its manifest is deleted`,
    run: async (context) => {
      const { client } = both(context);
      const digest = await candidateDigest(client);
      if (digest === undefined) {
        return fail(
          `client has no app:${candidate} that it pushed`,
          `Build it and push it before you delete it; leave it on client.`,
        );
      }
      return (await manifestOf(seenBy(client), "app", digest))
        ? fail(`the registry still has ${candidate}, ${short(digest)}`, "DELETE /v2/app/manifests/sha256:...")
        : pass(`client pushed ${candidate}, ${short(digest)}, and the registry has it no more`);
    },
  },
  {
    id: "garbage-collected",
    step: 6,
    title: "The registry's disk holds no blob that no manifest needs, and pushes are taken again",
    run: async (context) => {
      const { client, depot } = both(context);
      const digest = await candidateDigest(client);
      if (digest === undefined || (await manifestOf(seenBy(client), "app", digest)))
        return fail(`${candidate} has not been pushed and deleted`, "Without garbage there is nothing to collect.");
      const { manifests, blobs } = await registryDisk(depot, "hub");
      const needed = new Set(manifests.flatMap(blobsOf));
      const garbage = blobs.filter((blob) => !needed.has(blob.digest));
      if (garbage.length > 0) {
        const kib = Math.round(garbage.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
        return fail(
          `${garbage.length} blobs on disk, ${kib} KiB, are needed by no manifest`,
          "docker exec hub registry garbage-collect /etc/docker/registry/config.yml",
        );
      }
      const config = await depot.run("docker exec hub cat /etc/docker/registry/config.yml; docker exec hub env");
      if (/readonly:\s+enabled: true|READONLY\S*=.*true/.test(config.stdout))
        return fail("the registry is still read-only", "Set it back, and restart hub.");
      return pass(`${blobs.length} blobs are on disk, and each is needed`);
    },
  },
];

export default checks;

/** The digest by which client's engine pushed the candidate; undefined where it did not. */
async function candidateDigest(client: CheckHost): Promise<string | undefined> {
  const images = await client.engine<ImageState[]>("/images/json");
  const image = images.find(({ RepoTags }) => RepoTags?.includes(`${address}/app:${candidate}`));
  return image?.RepoDigests?.find((name) => name.startsWith(`${address}/app@`))?.split("@")[1];
}
