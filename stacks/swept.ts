const swept: ReadonlySet<string> = new Set([
  "docker:index/container:Container",
  "drydock:index:AccessFiles",
  "drydock:index:Account",
  "drydock:index:Certificate",
  "drydock:index:CertificateAuthority",
  "drydock:index:HostContainer",
  "drydock:index:HostReady",
  "drydock:index:HostVolume",
  "drydock:index:LabBridge",
  "drydock:index:LabImages",
  "drydock:index:Machine",
  "drydock:index:Machines",
  "drydock:index:SshKey",
  "pulumi:providers:command",
  "pulumi:providers:docker",
  "pulumi:providers:drydock",
]);

/**
 * Whether a resource of that type is nothing but what the sweep removes: labelled objects on the engine, files of the
 * home, and state. A stack of such is gone without Pulumi, which takes longer to start than all there is to remove.
 */
export const isSwept = (type: string): boolean => swept.has(type);
