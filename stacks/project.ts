/** The project's name, as Pulumi.yaml has it. */
export const project = "drydock";
