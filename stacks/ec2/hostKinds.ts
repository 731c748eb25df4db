import * as ec2 from "@aws-sdk/client-ec2";
import { tagRecord } from "./aws.ts";
import { pages, type Kind } from "./kind.ts";

/** Longest that instances take to shut down, in seconds. */
const terminationSec = 600;

const instances: Kind = {
  kind: "instance",
  command: "ec2 terminate-instances --instance-ids",
  async list({ ec2: client }, filters) {
    const there = {
      Name: "instance-state-name",
      Values: ["pending", "running", "shutting-down", "stopping", "stopped"],
    };
    const found = await pages(
      ec2.paginateDescribeInstances({ client }, { Filters: [...filters, there] }),
      ({ Reservations }) => Reservations?.flatMap(({ Instances = [] }) => Instances),
    );
    return found.map(({ InstanceId = "", Tags, State }) => ({
      id: InstanceId,
      tags: tagRecord(Tags),
      state: State?.Name,
    }));
  },
  async remove({ ec2: client }, id) {
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
    const wait = { client, maxWaitTime: terminationSec, minDelay: 1, maxDelay: 5 };
    await ec2.waitUntilInstanceTerminated(wait, { InstanceIds: [id] });
  },
};

const volumes: Kind = {
  kind: "volume",
  command: "ec2 delete-volume --volume-id",
  async list({ ec2: client }, Filters) {
    const found = await pages(ec2.paginateDescribeVolumes({ client }, { Filters }), ({ Volumes }) => Volumes);
    return found.map(({ VolumeId = "", Tags, Attachments = [] }) => ({
      id: VolumeId,
      tags: tagRecord(Tags),
      partOf: Attachments.find(({ DeleteOnTermination }) => DeleteOnTermination)?.InstanceId,
    }));
  },
  remove: ({ ec2: client }, VolumeId) => client.send(new ec2.DeleteVolumeCommand({ VolumeId })),
};

const addresses: Kind = {
  kind: "address",
  command: "ec2 release-address --allocation-id",
  async list({ ec2: client }, Filters) {
    const { Addresses = [] } = await client.send(new ec2.DescribeAddressesCommand({ Filters }));
    return Addresses.map(({ AllocationId = "", Tags }) => ({ id: AllocationId, tags: tagRecord(Tags) }));
  },
  remove: ({ ec2: client }, AllocationId) => client.send(new ec2.ReleaseAddressCommand({ AllocationId })),
};

const interfaces: Kind = {
  kind: "network interface",
  command: "ec2 delete-network-interface --network-interface-id",
  async list({ ec2: client }, Filters) {
    const found = await pages(
      ec2.paginateDescribeNetworkInterfaces({ client }, { Filters }),
      ({ NetworkInterfaces }) => NetworkInterfaces,
    );
    return found.map(({ NetworkInterfaceId = "", TagSet, Attachment }) => ({
      id: NetworkInterfaceId,
      tags: tagRecord(TagSet),
      partOf: Attachment?.DeleteOnTermination ? Attachment.InstanceId : undefined,
    }));
  },
  remove: ({ ec2: client }, NetworkInterfaceId) =>
    client.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId })),
};

const keyPairs: Kind = {
  kind: "key pair",
  command: "ec2 delete-key-pair --key-name",
  async list({ ec2: client }, Filters) {
    const { KeyPairs = [] } = await client.send(new ec2.DescribeKeyPairsCommand({ Filters }));
    return KeyPairs.map(({ KeyName = "", Tags }) => ({ id: KeyName, tags: tagRecord(Tags) }));
  },
  remove: ({ ec2: client }, KeyName) => client.send(new ec2.DeleteKeyPairCommand({ KeyName })),
};

/** What is of one host, in the order in which it can be removed. */
export const hostKinds: readonly Kind[] = [instances, volumes, addresses, interfaces, keyPairs];
