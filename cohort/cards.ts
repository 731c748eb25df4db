import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { sshFiles } from "../access/sshConfig.ts";
import { writePrivateFile } from "../access/privateFile.ts";
import { inUtc } from "../stacks/expiry.ts";
import { homeFolder, stackFolder } from "../stacks/home.ts";
import type { StackOutputs } from "../stacks/outputs.ts";
import type { Learner } from "../stacks/settings.ts";
import { project } from "../stacks/project.ts";
import { openStack } from "../stacks/stack.ts";
import { readState } from "../stacks/stateFile.ts";
import { isOnEngine } from "../stacks/target.ts";
import { oneLine } from "./roster.ts";
import type { Seat } from "./seats.ts";

/** A lab on a learner's card. */
export interface CardLab {
  lab: string;
  stack: string;
  /** ISO date-time, or undefined for never. */
  expiry?: string | undefined;
  /** Name of the machine on whose loopback the hosts are reached; absent where they are reached from anywhere. */
  machine?: string;
  hosts: { name: string; address: string; host: string; port: number; hostKey: string; command: string }[];
}

/** What a learner needs to reach their hosts. */
export interface Card {
  learner: Learner;
  /** The card's file, of mode 600. */
  file: string;
  labs: CardLab[];
}

/** Where the cards of a cohort are. */
export const cardsFolder = (cohort: string): string => join(homeFolder(), "roster", cohort);

/**
 * Writes a card for each learner who has a stack that is up, and removes all others.
 * @returns the cards, and the stacks that are not up.
 */
export async function renewCards(
  cohort: string,
  seats: readonly Seat[],
): Promise<{ cards: Card[]; missing: string[] }> {
  const states = await Promise.all(seats.map(({ stack }) => readState(project, stack)));
  const isUp = (index: number) => Object.keys(states[index]?.outputs ?? {}).length > 0;
  const missing = seats.filter((_, index) => !isUp(index)).map(({ stack }) => stack);
  const cards = await writeCards(
    cohort,
    seats.filter((_, index) => isUp(index)),
  );
  return { cards, missing };
}

async function writeCards(cohort: string, seats: readonly Seat[]): Promise<Card[]> {
  const folder = cardsFolder(cohort);
  await removeCards(cohort);
  const cards: Card[] = [];
  for (const own of Map.groupBy(seats, ({ learner }) => learner.id).values()) {
    const [{ learner }] = own as [Seat];
    const parts = await Promise.all(own.map(partOf));
    const file = join(folder, `${learner.id}.md`);
    const heading = `# ${oneLine(learner.name ?? learner.id)}, ${cohort}\n`;
    await writePrivateFile(file, [heading, whereText, ...parts.map(({ text }) => text)].join("\n"));
    cards.push({ learner, file, labs: parts.map(({ lab }) => lab) });
  }
  return cards;
}

export const removeCards = (cohort: string): Promise<void> => rm(cardsFolder(cohort), { recursive: true, force: true });

/** Removes the cards of all but these learners. */
export async function keepCards(cohort: string, learners: readonly string[]): Promise<void> {
  const kept = new Set(learners.map((id) => `${id}.md`));
  const files = await readdir(cardsFolder(cohort)).catch(() => []);
  for (const file of files) if (!kept.has(file)) await rm(join(cardsFolder(cohort), file));
}

const whereText = `Run the block of a lab once, on the machine that it names or, where it names none, on yours; from then on its commands take you
to its hosts. Where it names a machine and you are on another, do the same there, and write \`-J YOU@MACHINE\` after \`ssh\`: it takes an
account on that machine.
`;

async function partOf({ stack, lab, learner }: Seat): Promise<{ lab: CardLab; text: string }> {
  const opened = await openStack(stack, new Date(0));
  const { hosts, expiry } = await opened.outputs();
  const privateKey =
    learner.sshKey === undefined ? await readFile(join(stackFolder(stack), "id_ed25519"), "utf8") : undefined;
  const folder = `~/${stack}`;
  const { engine, target } = opened.plan;
  const machine = engine === undefined ? hostname() : new URL(engine).hostname;
  const part: CardLab = {
    ...{ lab, stack, expiry },
    ...(isOnEngine(target) && { machine }),
    hosts: hosts.map((host) => cardHost(folder, host)),
  };
  return { lab: part, text: partText(part, folder, privateKey) };
}

const cardHost = (folder: string, { name, address, ssh }: StackOutputs["hosts"][number]): CardLab["hosts"][number] => ({
  name,
  address,
  host: ssh.host,
  port: ssh.port,
  hostKey: ssh.hostKey,
  command: `ssh -F ${folder}/ssh_config ${name}`,
});

function partText({ lab, hosts, expiry, machine }: CardLab, folder: string, privateKey: string | undefined): string {
  const aliases = hosts.map(({ name, host, port, hostKey }) => ({ alias: name, host, port, hostKey }));
  const files = Object.entries(sshFiles(folder, aliases, privateKey));
  const until = expiry === undefined ? [] : [`Taken away at ${inUtc(expiry)}.`];
  const key =
    privateKey === undefined ? "It opens to your own SSH key." : "Whoever has the key below reaches these hosts, too.";
  return `## ${lab}

${[...until, ...(machine === undefined ? [] : [`On the machine ${machine}.`]), key].join(" ")}

\`\`\`sh
(umask 077 && mkdir -p ${folder})
${files.map(([name, content]) => `(umask 077 && cat > ${folder}/${name}) <<'END'\n${content.trimEnd()}\nEND\n`).join("")}\`\`\`

| host | address in the lab | command |
| --- | --- | --- |
${hosts.map(({ name, address, command }) => `| ${name} | ${address} | \`${command}\` |\n`).join("")}`;
}
