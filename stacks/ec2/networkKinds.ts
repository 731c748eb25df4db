import * as ec2 from "@aws-sdk/client-ec2";
import { tagRecord } from "./aws.ts";
import { pages, type Kind } from "./kind.ts";

const gateways: Kind = {
  kind: "internet gateway",
  command: "ec2 delete-internet-gateway --internet-gateway-id",
  async list({ ec2: client }, Filters) {
    const found = await pages(
      ec2.paginateDescribeInternetGateways({ client }, { Filters }),
      ({ InternetGateways }) => InternetGateways,
    );
    return found.map(({ InternetGatewayId = "", Tags }) => ({ id: InternetGatewayId, tags: tagRecord(Tags) }));
  },
  async remove({ ec2: client }, InternetGatewayId) {
    const ids = { InternetGatewayIds: [InternetGatewayId] };
    const { InternetGateways: [gateway] = [] } = await client.send(new ec2.DescribeInternetGatewaysCommand(ids));
    for (const { VpcId } of gateway?.Attachments ?? []) {
      await client.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    }
    await client.send(new ec2.DeleteInternetGatewayCommand({ InternetGatewayId }));
  },
};

const routeTables: Kind = {
  kind: "route table",
  command: "ec2 delete-route-table --route-table-id",
  async list({ ec2: client }, Filters) {
    const found = await pages(
      ec2.paginateDescribeRouteTables({ client }, { Filters }),
      ({ RouteTables }) => RouteTables,
    );
    return found.map(({ RouteTableId = "", Tags }) => ({ id: RouteTableId, tags: tagRecord(Tags) }));
  },
  async remove({ ec2: client }, RouteTableId) {
    const ids = { RouteTableIds: [RouteTableId] };
    const { RouteTables: [table] = [] } = await client.send(new ec2.DescribeRouteTablesCommand(ids));
    for (const { RouteTableAssociationId: AssociationId } of table?.Associations ?? []) {
      await client.send(new ec2.DisassociateRouteTableCommand({ AssociationId }));
    }
    await client.send(new ec2.DeleteRouteTableCommand({ RouteTableId }));
  },
};

const subnets: Kind = {
  kind: "subnet",
  command: "ec2 delete-subnet --subnet-id",
  async list({ ec2: client }, Filters) {
    const found = await pages(ec2.paginateDescribeSubnets({ client }, { Filters }), ({ Subnets }) => Subnets);
    return found.map(({ SubnetId = "", Tags }) => ({ id: SubnetId, tags: tagRecord(Tags) }));
  },
  remove: ({ ec2: client }, SubnetId) => client.send(new ec2.DeleteSubnetCommand({ SubnetId })),
};

const groups: Kind = {
  kind: "security group",
  command: "ec2 delete-security-group --group-id",
  async list({ ec2: client }, Filters) {
    const found = await pages(
      ec2.paginateDescribeSecurityGroups({ client }, { Filters }),
      ({ SecurityGroups }) => SecurityGroups,
    );
    return found.map(({ GroupId = "", Tags }) => ({ id: GroupId, tags: tagRecord(Tags) }));
  },
  remove: ({ ec2: client }, GroupId) => client.send(new ec2.DeleteSecurityGroupCommand({ GroupId })),
};

const vpcs: Kind = {
  kind: "vpc",
  command: "ec2 delete-vpc --vpc-id",
  async list({ ec2: client }, Filters) {
    const found = await pages(ec2.paginateDescribeVpcs({ client }, { Filters }), ({ Vpcs }) => Vpcs);
    return found.map(({ VpcId = "", Tags }) => ({ id: VpcId, tags: tagRecord(Tags) }));
  },
  remove: ({ ec2: client }, VpcId) => client.send(new ec2.DeleteVpcCommand({ VpcId })),
};

/** What hosts stand on, in the order in which it can be removed once they are gone. */
export const networkKinds: readonly Kind[] = [gateways, routeTables, subnets, groups, vpcs];
