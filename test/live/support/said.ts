import { waitFor } from "../../../engine/wait.ts";
import type { startDrydock } from "./drydock.ts";

/** Waits until a command says something; answers with all it has said. @throws Error when it ends without. */
export async function said(command: ReturnType<typeof startDrydock>, words: string): Promise<string> {
  let text = "";
  command.all.on("data", (chunk: Buffer) => (text += chunk.toString()));
  let ended = false;
  void command.finally(() => (ended = true));
  return waitFor<string>({
    what: `"${words}" from a command`,
    deadlineMs: 60_000,
    everyMs: 20,
    look: () => {
      if (text.includes(words)) return Promise.resolve({ value: text });
      if (ended) throw new Error(`it ended and never said "${words}":\n${text}`);
      return Promise.resolve({ waiting: text });
    },
  });
}
