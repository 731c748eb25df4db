/** What checks read of the engine's API (https://docs.docker.com/reference/api/engine/): only the fields they use. */

export interface SwarmInfo {
  Swarm: { LocalNodeState: string; ControlAvailable: boolean; NodeAddr: string; NodeID: string };
}

export interface RegistriesInfo {
  /** Mirrors are URLs with a slash at the end, in the order in which they are asked; registries are by "host:port". */
  RegistryConfig: { Mirrors: string[]; IndexConfigs: Record<string, { Secure: boolean } | undefined> };
}

export interface ClusterState {
  /** Pools that overlay networks are cut from, in CIDR. */
  DefaultAddrPool: string[];
}

export interface SwarmNodeState {
  ID: string;
  CreatedAt: string;
  Spec: { Role: "manager" | "worker"; Availability: "active" | "pause" | "drain"; Labels: Record<string, string> };
  Description: { Hostname: string };
  Status: { State: "unknown" | "down" | "ready" | "disconnected" };
  ManagerStatus?: { Leader?: boolean; Reachability: "unknown" | "unreachable" | "reachable" };
}

export interface ServiceState {
  ID: string;
  CreatedAt: string;
  Spec: {
    Name: string;
    Labels: Record<string, string>;
    /** A global service has no replicas, but a task on each node. */
    Mode: { Replicated?: { Replicas: number } };
    TaskTemplate: {
      ContainerSpec: {
        Image: string;
        Env?: string[];
        Secrets?: { SecretName: string; File: { Name: string } }[] | null;
        Configs?: { ConfigID: string; ConfigName: string; File?: { Name: string } }[] | null;
      };
      Resources?: { Limits?: { MemoryBytes?: number } };
      Placement?: { Preferences?: { Spread: { SpreadDescriptor: string } }[] };
    };
    /** Delay in nanoseconds. */
    UpdateConfig?: { Parallelism: number; Delay?: number; Order?: string; FailureAction?: string };
    EndpointSpec?: {
      Mode?: "vip" | "dnsrr";
      Ports?: { TargetPort: number; PublishedPort: number; PublishMode: "ingress" | "host" }[];
    };
  };
  UpdateStatus?: { State: string; CompletedAt?: string };
}

export interface TaskState {
  ID: string;
  CreatedAt: string;
  Slot: number;
  NodeID: string;
  DesiredState: string;
  Spec: { ContainerSpec: { Image: string } };
  Status: { State: string; Timestamp: string; ContainerStatus?: { ContainerID: string; ExitCode: number } };
}

export interface ConfigState {
  ID: string;
  /** Content in base64. */
  Spec: { Name: string; Data: string };
}

export interface NetworkState {
  Name: string;
  Driver: string;
  Attachable: boolean;
  Options: Record<string, string> | null;
}

export interface ImageState {
  RepoTags: string[] | null;
  /** "name@digest", one for each repository it was pushed to or pulled from. */
  RepoDigests: string[] | null;
}

export interface ContainerState {
  Id: string;
  /** Each with a leading slash. */
  Names: string[];
  NetworkSettings: { Networks: Record<string, { IPAddress: string; MacAddress: string }> };
}
