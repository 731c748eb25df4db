import { styleText } from "node:util";
import { createLogUpdate } from "log-update";
import type { Reporter } from "../../stacks/reporter.ts";
import { seconds } from "./seconds.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 80;

interface Running {
  title: string;
  start: number;
  doing: string;
}

/** Reports on a screen: steps in progress are redrawn at the bottom, finished ones stay above. */
export function liveReporter(stream: NodeJS.WriteStream): Reporter {
  const screen = createLogUpdate(stream);
  const paint = (format: Parameters<typeof styleText>[0], text: string) => styleText(format, text, { stream });
  const running = new Set<Running>();
  let timer: NodeJS.Timeout | undefined;
  let frame = 0;

  function draw(): void {
    const spinner = paint("cyan", frames[frame++ % frames.length] ?? "");
    screen([...running].map((step) => `${spinner} ${step.title} ${paint("dim", status(step))}`).join("\n"));
  }

  function keep(line: string): void {
    screen.clear();
    stream.write(`${line}\n`);
    if (running.size > 0) return draw();
    clearInterval(timer);
    timer = undefined;
    screen.done();
  }

  return {
    step(title) {
      const step: Running = { title, start: performance.now(), doing: "" };
      running.add(step);
      timer ??= setInterval(draw, frameMs).unref();
      draw();
      const end = (mark: string, text: string) => {
        running.delete(step);
        keep(`${mark} ${title} ${paint("dim", status({ ...step, doing: text }))}`);
      };
      return {
        progress: (text) => (step.doing = text),
        done: (text = "") => end(paint("green", "✔"), text),
        fail: (text) => end(paint("red", "✖"), text),
      };
    },
    note: keep,
  };
}

function status({ doing, start }: Running): string {
  const took = seconds(performance.now() - start);
  return doing ? `${doing} (${took})` : took;
}
