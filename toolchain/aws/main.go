// Command pulumi-resource-aws serves the part of @pulumi/aws 7.48.0 that the target ec2 uses, where its published plugin
// cannot be downloaded: Pulumi's Terraform bridge over the Terraform AWS provider.
//
// The provider imports clients and resources of some 250 services. Two of its generated files list them, and the build
// puts those in _provider/ in their place, which list what ec2 and iam need (setup/goPatch.ts). All of the provider's
// other files are as published.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-provider-aws/shim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// version is set by the linker.
var version = "0.0.0"

// resources and dataSources are what components/hosts/ec2 declares and asks, as Terraform and as Pulumi call them.
var (
	resources = map[string]tokens.Type{
		"aws_ec2_instance_state":      "aws:ec2transitgateway/instanceState:InstanceState",
		"aws_iam_instance_profile":    "aws:iam/instanceProfile:InstanceProfile",
		"aws_iam_role":                "aws:iam/role:Role",
		"aws_instance":                "aws:ec2/instance:Instance",
		"aws_internet_gateway":        "aws:ec2/internetGateway:InternetGateway",
		"aws_key_pair":                "aws:ec2/keyPair:KeyPair",
		"aws_route_table":             "aws:ec2/routeTable:RouteTable",
		"aws_route_table_association": "aws:ec2/routeTableAssociation:RouteTableAssociation",
		"aws_security_group":          "aws:ec2/securityGroup:SecurityGroup",
		"aws_subnet":                  "aws:ec2/subnet:Subnet",
		"aws_vpc":                     "aws:ec2/vpc:Vpc",
	}
	dataSources = map[string]tokens.ModuleMember{
		"aws_ami":                         "aws:ec2/getAmi:getAmi",
		"aws_ec2_instance_type_offerings": "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
		"aws_instance":                    "aws:ec2/getInstance:getInstance",
	}
)

func main() {
	provider, err := shim.NewProvider(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	keep(provider.ResourcesMap, resources)
	keep(provider.DataSourcesMap, dataSources)
	tfbridge.Main("aws", version, providerInfo(provider), []byte(`{"name":"aws"}`))
}

// keep removes from a provider's map what has no token.
func keep[Token any](all map[string]*schema.Resource, tokens map[string]Token) {
	for name := range all {
		if _, used := tokens[name]; !used {
			delete(all, name)
		}
	}
}

func providerInfo(provider *schema.Provider) tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:           sdkv2.NewProvider(provider),
		Name:        "aws",
		Version:     version,
		Resources:   map[string]*tfbridge.ResourceInfo{},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
	}
	for name, token := range resources {
		info.Resources[name] = &tfbridge.ResourceInfo{Tok: token}
	}
	for name, token := range dataSources {
		info.DataSources[name] = &tfbridge.DataSourceInfo{Tok: token}
	}
	return info
}
