package sdkv2

import (
	"context"

	"github.com/hashicorp/terraform-provider-aws/internal/conns"
	"github.com/hashicorp/terraform-provider-aws/internal/service/ec2"
	"github.com/hashicorp/terraform-provider-aws/internal/service/iam"
)

// servicePackages are the services whose resources main.go names. The provider's own file has all of AWS's.
func servicePackages(ctx context.Context) []conns.ServicePackage {
	return []conns.ServicePackage{ec2.ServicePackage(ctx), iam.ServicePackage(ctx)}
}
