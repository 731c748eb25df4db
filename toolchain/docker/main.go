// Command pulumi-resource-docker serves @pulumi/docker 5.2.0 where its published plugin cannot be
// downloaded: Pulumi's Terraform bridge over the Terraform Docker provider. It lacks Image, which the
// published plugin implements outside the bridge.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// version is set by the linker.
var version = "0.0.0"

// The npm package says "docker:index/network:Network": every token is in the one module "index".
const (
	pkg = "docker"
	mod = "index"
)

func main() {
	tfbridge.Main(pkg, version, providerInfo(), []byte(`{"name":"docker"}`))
}

func providerInfo() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:       sdkv2.NewProvider(shim.NewProvider(version)),
		Name:    pkg,
		Version: version,
		Config: map[string]*tfbridge.SchemaInfo{
			"host": {Default: &tfbridge.DefaultInfo{
				Value:   "unix:///var/run/docker.sock",
				EnvVars: []string{"DOCKER_HOST"},
			}},
			"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_container": {
				Tok:                 tfbridge.MakeResource(pkg, mod, "Container"),
				DeleteBeforeReplace: true,
				Fields: map[string]*tfbridge.SchemaInfo{
					"command":           {Name: "command"},
					"networks_advanced": {Name: "networksAdvanced"},
				},
			},
			"docker_config": {Tok: tfbridge.MakeResource(pkg, mod, "ServiceConfig")},
			"docker_image":  {Tok: tfbridge.MakeResource(pkg, mod, "RemoteImage")},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image": {Tok: tfbridge.MakeDataSource(pkg, mod, "getRemoteImage")},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", mod, tokens.MakeStandard(pkg)))
	info.SetAutonaming(255, "-")
	return info
}
