import type { Reporter } from "../../stacks/reporter.ts";
import { seconds } from "./seconds.ts";

/** Between two lines on a step that is not done yet, in milliseconds. */
const heartbeat = 15_000;

/** Reports in lines that stay, for logs and pipes: one a finished step, and one now and then from a long one. */
export function plainReporter(write: (text: string) => void): Reporter {
  return {
    step(title) {
      const start = performance.now();
      let doing = "";
      const timer = setInterval(
        () => write(`… ${title}${doing && `: ${doing}`} (${seconds(performance.now() - start)})\n`),
        heartbeat,
      ).unref();
      const end = (mark: string, text: string) => {
        clearInterval(timer);
        write(`${mark} ${title}${text && `: ${text}`} (${seconds(performance.now() - start)})\n`);
      };
      return {
        progress: (text) => (doing = text),
        done: (text = "") => end("✔", text),
        fail: (text) => end("✖", text),
      };
    },
    note: (text) => write(`${text}\n`),
  };
}
