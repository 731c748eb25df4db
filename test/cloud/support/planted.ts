import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import { iamPath } from "../../../stacks/ec2/iamPath.ts";
import { region } from "./emulator.ts";

/** Things of AWS that carry tags and that no stack's state knows: what a killed `up` or a colleague leaves. */
export function planter(tags: Record<string, string>) {
  const client = new ec2.EC2Client({ region });
  const identities = new iam.IAMClient({ region });
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const TagSpecifications = (ResourceType: ec2.ResourceType) => [{ ResourceType, Tags }];
  const idOf = (id: string | undefined): string => {
    if (id === undefined) throw new Error("the emulator made nothing");
    return id;
  };

  return {
    async vpc(CidrBlock = "10.192.0.0/24"): Promise<string> {
      const { Vpc } = await client.send(
        new ec2.CreateVpcCommand({ CidrBlock, TagSpecifications: TagSpecifications("vpc") }),
      );
      return idOf(Vpc?.VpcId);
    },
    async subnet(VpcId: string): Promise<string> {
      const made = { VpcId, CidrBlock: "10.192.0.0/26", TagSpecifications: TagSpecifications("subnet") };
      const { Subnet } = await client.send(new ec2.CreateSubnetCommand(made));
      return idOf(Subnet?.SubnetId);
    },
    async gateway(VpcId: string): Promise<string> {
      const { InternetGateway } = await client.send(
        new ec2.CreateInternetGatewayCommand({ TagSpecifications: TagSpecifications("internet-gateway") }),
      );
      const InternetGatewayId = idOf(InternetGateway?.InternetGatewayId);
      await client.send(new ec2.AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
      return InternetGatewayId;
    },
    async routeTable(VpcId: string, SubnetId: string): Promise<string> {
      const { RouteTable } = await client.send(
        new ec2.CreateRouteTableCommand({ VpcId, TagSpecifications: TagSpecifications("route-table") }),
      );
      const RouteTableId = idOf(RouteTable?.RouteTableId);
      await client.send(new ec2.AssociateRouteTableCommand({ RouteTableId, SubnetId }));
      return RouteTableId;
    },
    async group(VpcId: string): Promise<string> {
      const made = { VpcId, GroupName: "planted", Description: "planted" };
      const { GroupId } = await client.send(
        new ec2.CreateSecurityGroupCommand({ ...made, TagSpecifications: TagSpecifications("security-group") }),
      );
      return idOf(GroupId);
    },
    async instance(at: { SubnetId?: string; SecurityGroupIds?: string[] } = {}): Promise<string> {
      const { Images: [image] = [] } = await client.send(new ec2.DescribeImagesCommand({}));
      const { Instances: [instance] = [] } = await client.send(
        new ec2.RunInstancesCommand({
          ...at,
          ImageId: idOf(image?.ImageId),
          InstanceType: "t3.small",
          MinCount: 1,
          MaxCount: 1,
          TagSpecifications: TagSpecifications("instance"),
        }),
      );
      return idOf(instance?.InstanceId);
    },
    async volume(): Promise<string> {
      const made = { AvailabilityZone: `${region}a`, Size: 1, TagSpecifications: TagSpecifications("volume") };
      return idOf((await client.send(new ec2.CreateVolumeCommand(made))).VolumeId);
    },
    async address(): Promise<string> {
      const made = { Domain: "vpc" as const, TagSpecifications: TagSpecifications("elastic-ip") };
      return idOf((await client.send(new ec2.AllocateAddressCommand(made))).AllocationId);
    },
    async networkInterface(SubnetId: string): Promise<string> {
      const made = { SubnetId, TagSpecifications: TagSpecifications("network-interface") };
      const { NetworkInterface } = await client.send(new ec2.CreateNetworkInterfaceCommand(made));
      return idOf(NetworkInterface?.NetworkInterfaceId);
    },
    async keyPair(KeyName: string): Promise<string> {
      await client.send(new ec2.CreateKeyPairCommand({ KeyName, TagSpecifications: TagSpecifications("key-pair") }));
      return KeyName;
    },
    async profile(name: string): Promise<string> {
      const names = { RoleName: name, InstanceProfileName: name };
      await identities.send(
        new iam.CreateRoleCommand({ ...names, Path: iamPath, AssumeRolePolicyDocument: "{}", Tags }),
      );
      await identities.send(new iam.CreateInstanceProfileCommand({ ...names, Path: iamPath, Tags }));
      await identities.send(new iam.AddRoleToInstanceProfileCommand(names));
      return name;
    },
  };
}
