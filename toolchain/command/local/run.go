package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"drydock/toolchain/command/process"
)

// Run is command:local:run.
type Run struct{}

// RunInputs are the inputs of Run.
type RunInputs struct {
	process.Options
	Shell
	Command string `pulumi:"command"`
}

// RunResult is the result of Run.
type RunResult struct {
	RunInputs
	process.Output
}

func (Run) Invoke(ctx context.Context, req infer.FunctionRequest[RunInputs]) (infer.FunctionResponse[RunResult], error) {
	output, err := run(ctx, req.Input.Shell, req.Input.Options, &req.Input.Command, process.Output{})
	return infer.FunctionResponse[RunResult]{Output: RunResult{req.Input, output}}, err
}
