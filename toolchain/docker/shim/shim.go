// Package shim opens the Terraform Docker provider, whose constructor is internal, to our plugin.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// NewProvider returns the Terraform Docker provider under the given version.
func NewProvider(version string) *schema.Provider {
	return provider.New(version)()
}
