// Command pulumi-resource-command serves @pulumi/command 1.2.1 where its published plugin cannot be
// downloaded. It differs in two ways: nothing is logged unless `logging` asks for it, and
// `assetPaths` and `archivePaths` are refused.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/pulumi/pulumi-go-provider/infer"

	"drydock/toolchain/command/local"
	"drydock/toolchain/command/remote"
)

// version is set by the linker.
var version = "0.0.0"

func main() {
	if slices.Contains(os.Args[1:], "-version") {
		fmt.Println(version)
		return
	}
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	provider, err := infer.NewProviderBuilder().
		WithResources(
			infer.Resource(&local.Command{}),
			infer.Resource(&remote.Command{}),
			infer.Resource(&remote.CopyToRemote{}),
			infer.Resource(&remote.CopyFile{}),
		).
		WithFunctions(infer.Function(&local.Run{})).
		Build()
	if err != nil {
		return err
	}
	return provider.Run(context.Background(), "command", version)
}
