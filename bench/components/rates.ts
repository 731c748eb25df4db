import { waitFor } from "../../engine/wait.ts";
import type { SshSession } from "../../engine/ssh.ts";
import { said } from "./said.ts";

/** What the measured lab carries, a sample each. */
export interface Rates {
  /** MiB a second of an image's layer, and of a file of that size over the same link. */
  push: number;
  copyThere: number;
  pull: number;
  copyBack: number;
  /** Lines a second, from the start of the container that writes them until Loki finds them all. */
  logs: number;
}

export interface RateHosts {
  /** Has the registry and Loki. */
  depot: SshSession;
  client: SshSession;
  /** Where Loki answers. */
  loki: string;
}

/** Size of what is pushed and copied, in MiB. Random, so that nothing makes it smaller. */
const sizeMib = 256;
/** So many that the engine does not rotate the log away meanwhile. */
const lines = 50_000;
const port = 9_999;
const address = "depot:5000";
const image = `${address}/rates:1`;

/** Measures push, pull and logs, each beside a copy of the same bytes where there is one. */
export async function measureRates({ depot, client, loki }: RateHosts): Promise<Rates> {
  await said(client, `mkdir -p /root/rates && cd /root/rates && head -c ${sizeMib}M /dev/urandom > data`);
  await said(
    client,
    `cd /root/rates && printf 'FROM busybox\\nCOPY data /data\\n' > Dockerfile && docker build -q -t ${image} .`,
  );
  const password = await said(depot, "cat /root/hub/builder.password");
  await said(client, `docker login --username builder --password-stdin ${address}`, { stdin: password });

  const copyThere = await timed(() => copy(client, depot, "depot"));
  const push = await timed(() => said(client, `docker push -q ${image}`));
  // The builder's cache, too, holds the layer: a pull would find it there.
  await said(client, `docker image rm ${image} && docker builder prune --all --force`);
  const pull = await timed(() => said(client, `docker pull -q ${image}`));
  const copyBack = await timed(() => copy(depot, client, "client"));
  const logs = await timed(() => flood(client, depot, loki));
  const rate = (seconds: number) => sizeMib / seconds;
  return {
    push: rate(push),
    copyThere: rate(copyThere),
    pull: rate(pull),
    copyBack: rate(copyBack),
    logs: lines / logs,
  };
}

/** Copies the file over a connection of its own, from disk to disk. */
async function copy(from: SshSession, to: SshSession, name: string): Promise<void> {
  const listen = `$s = IO::Socket::INET->new(LocalPort => ${port}, Listen => 1, ReuseAddr => 1) or die $@; $| = 1; print "listening"; $c = $s->accept; open F, ">", "/root/copied" or die $!; syswrite F, $b while sysread $c, $b, 1 << 20`;
  const send = `$c = IO::Socket::INET->new("${name}:${port}") or die $@; open F, "<", "/root/rates/data" or open F, "<", "/root/copied" or die $!; syswrite $c, $b while sysread F, $b, 1 << 20`;
  const { promise: listening, resolve } = Promise.withResolvers<unknown>();
  const taken = said(to, perl(listen), { onStdout: resolve });
  await Promise.race([listening, taken]);
  await Promise.all([said(from, perl(send)), taken]);
}

const perl = (program: string) => `perl -MIO::Socket::INET -e '${program}'`;

/** Lets a container write lines as fast as it can, and waits until Loki finds every one of them. */
async function flood(client: SshSession, depot: SshSession, loki: string): Promise<void> {
  const line = "a line of a log that is as long as many are, a hundred bytes or so, with the words of a request in it";
  await said(client, `docker run -d --name flood busybox sh -c 'yes "${line}" | head -n ${lines}'`);
  const query = 'sum(count_over_time({service="flood"}[1h]))';
  await waitFor<true>({
    what: `${lines} lines to be found in Loki`,
    deadlineMs: 120_000,
    look: async () => {
      const answer = await said(depot, `curl -fsSG --data-urlencode 'query=${query}' ${loki}/loki/api/v1/query`);
      const found = Number(/"(\d+)"\]/.exec(answer)?.[1] ?? 0);
      return found >= lines ? { value: true } : { waiting: `${found} are` };
    },
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
