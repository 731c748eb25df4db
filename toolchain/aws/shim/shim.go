// Package shim opens the Terraform AWS provider, whose constructor is internal, to our plugin.
package shim

import (
	"context"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-provider-aws/internal/provider/sdkv2"
)

// NewProvider returns the part of the Terraform AWS provider that is written on terraform-plugin-sdk,
// which all of EC2 that we use is.
func NewProvider(ctx context.Context) (*schema.Provider, error) {
	return sdkv2.NewProvider(ctx)
}
