import type { CheckContext } from "../check.ts";
import type { ImageState } from "../engineState.ts";
import { registryDisk } from "../registryDisk.ts";
import { requestsTo, type LoggedRequest } from "./requests.ts";

/** How an engine came by an image's largest layer: by a pull of a tag that the cache answered. */
export interface Pull {
  tag: string;
  /** Digest of the image. */
  image: string;
  /** From the second in which the engine asked what the tag is, to the end of the layer. */
  begin: number;
  end: number;
  layerBytes: number;
  /**
   * What upstream answered when the cache asked it, during this pull, what the tag is: it asks each time, if it can. Undefined
   * where upstream's log does not reach back that far, as when its gate was made anew.
   */
  upstreamSaid: LoggedRequest[] | undefined;
  /** What upstream has sent of the layer to the cache since this pull began. */
  fetched: LoggedRequest[];
}

/** The images of orders, by digest, that an engine has and upstream's disk, too; and the pulls that brought them, oldest first. */
export interface Pulled {
  images: string[];
  pulls: Pull[];
}

export async function pulledBy(context: CheckContext, host: "host-1" | "host-2"): Promise<Pulled> {
  const [engine, mirror, upstream] = [context.host(host), context.host("mirror"), context.host("upstream")];
  const names = (await engine.engine<ImageState[]>("/images/json")).flatMap(({ RepoDigests }) => RepoDigests ?? []);
  const digests = new Set(names.flatMap((name) => /(?:^|\/)orders@(sha256:.*)$/.exec(name)?.[1] ?? []));
  const held = (await registryDisk(upstream, "hub")).manifests.filter(({ digest }) => digests.has(digest));
  const [toCache, toUpstream] = [await requestsTo(mirror, "cache"), await requestsTo(upstream, "hub-gate")];
  const answers = toCache.filter(
    ({ from, agent, status }) => from === engine.address && agent.startsWith("docker/") && status === 200,
  );
  const logBegins = toUpstream[0]?.answered ?? Infinity;
  const fromCache = toUpstream.filter(({ from }) => from === mirror.address);

  const pulls = held.flatMap(({ digest: image, layers }) => {
    const [layer] = layers.toSorted((one, other) => other.bytes - one.bytes);
    const isLayer = ({ method, path }: LoggedRequest) =>
      method === "GET" && path === `/v2/library/orders/blobs/${layer?.digest}`;
    return answers.flatMap((answer, index): Pull[] => {
      const question = answers.slice(0, index).findLast(({ path }) => path === start || tagged.test(path));
      const [, tag] = tagged.exec(question?.path ?? "") ?? [];
      if (!isLayer(answer) || question === undefined || tag === undefined) return [];
      const [begin, end] = [question.second, answer.answered];
      const since = fromCache.filter(({ answered }) => answered >= begin);
      return [
        {
          tag,
          image,
          begin,
          end,
          layerBytes: answer.bytes,
          upstreamSaid:
            logBegins < begin
              ? since.filter(({ path, answered }) => path === question.path && answered <= end)
              : undefined,
          fetched: since.filter((request) => isLayer(request) && request.status === 200),
        },
      ];
    });
  });
  return { images: held.map(({ digest }) => digest), pulls: pulls.toSorted((one, other) => one.begin - other.begin) };
}

/** What an engine asks for at the start of each pull. */
const start = "/v2/";

/** A question for what a tag is. One by digest needs no answer from upstream, and so proves nothing of it. */
const tagged = /^\/v2\/library\/orders\/manifests\/(?!sha256:)([^/?]+)$/;
