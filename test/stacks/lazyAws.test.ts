import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hostKeyOf } from "./ssh/hostKey.ts";
import { checkout } from "../../stacks/home.ts";

/** Told at the end of a process: how many files of AWS's packages it loaded. */
const tell = `data:text/javascript,${encodeURIComponent(`
  import { Module } from "node:module";
  const ofAws = (path) => /node_modules.@(pulumi.aws|aws-sdk)\\W/.test(path);
  process.on("exit", () => console.log("files of AWS: " + Object.keys(Module._cache).filter(ofAws).length));
`)}`;

function filesOfAws(...args: string[]): number {
  const output = execFileSync(process.execPath, ["--import", tell, ...args], { cwd: checkout, encoding: "utf8" });
  return Number(/files of AWS: (\d+)/.exec(output)?.[1]);
}

/** Runs the program as Pulumi does, against a mocked engine. */
const program = (settings: Record<string, string>) =>
  filesOfAws(
    ...["--import", join(checkout, "stacks", "lean.ts"), "--input-type=module", "--eval"],
    `
      import * as pulumi from "@pulumi/pulumi";
      const locations = ["eu-central-1a"];
      await pulumi.runtime.setMocks(
        { call: () => ({ locations }), newResource: ({ name, inputs }) => ({ id: name, state: inputs }) }, "drydock", "dev",
      );
      pulumi.runtime.setAllConfig(${JSON.stringify(settings)});
      const { program } = await import("./stacks/program.ts");
      await program();
    `,
  );

const lab = { "drydock:lab": "swarm-basics" };
const onEc2 = { "drydock:target": "ec2", "drydock:ec2": '{"region":"eu-central-1","sshFrom":"198.51.100.7"}' };

/** Three machines that exist, as the lab has hosts. */
const machines = [1, 2, 3].map((number) => ({
  ...{ ssh: `root@machine-${number}`, address: `198.51.100.${number}`, hostKey: hostKeyOf(number) },
}));
const onMachines = {
  ...{ "drydock:target": "ssh", "drydock:identity": "/nowhere/id_ed25519" },
  "drydock:machines": JSON.stringify(machines),
};

test("the program loads AWS's packages for the target ec2, and for no other", () => {
  expect(program({ ...lab, ...onEc2 })).toBeGreaterThan(0);
  expect(program(lab)).toBe(0);
  expect(program({ ...lab, "drydock:target": "vm" })).toBe(0);
  expect(program({ ...lab, ...onMachines })).toBe(0);
});

test.each(["list", "plan", "--help"])("the command line does not load them: %s", (command) => {
  expect(filesOfAws(join(checkout, "cli", "main.ts"), command)).toBe(0);
});
