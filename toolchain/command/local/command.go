// Package local runs commands on this machine.
package local

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"drydock/toolchain/command/process"
)

// Command is command:local:Command.
type Command struct{}

// Shell says how and where a local process starts.
type Shell struct {
	Interpreter  []string `pulumi:"interpreter,optional"`
	Dir          *string  `pulumi:"dir,optional"`
	AssetPaths   []string `pulumi:"assetPaths,optional"`
	ArchivePaths []string `pulumi:"archivePaths,optional"`
}

// Inputs of a Command.
type Inputs struct {
	process.Lifecycle
	process.Options
	Shell
}

// State of a Command.
type State struct {
	Inputs
	process.Output
}

func (Command) Create(ctx context.Context, req infer.CreateRequest[Inputs]) (infer.CreateResponse[State], error) {
	id, err := resource.NewUniqueHex(req.Name, 8, 0)
	state := State{Inputs: req.Inputs}
	if err == nil && !req.DryRun {
		state.Output, err = run(ctx, state.Shell, state.Options, req.Inputs.Create, process.Output{})
	}
	return infer.CreateResponse[State]{ID: id, Output: state}, err
}

func (Command) Update(ctx context.Context, req infer.UpdateRequest[Inputs, State]) (infer.UpdateResponse[State], error) {
	state := State{Inputs: req.Inputs, Output: req.State.Output}
	var err error
	if !req.DryRun {
		state.Output, err = run(ctx, state.Shell, state.Options, req.Inputs.OnUpdate(), req.State.Output)
	}
	return infer.UpdateResponse[State]{Output: state}, err
}

func (Command) Delete(ctx context.Context, req infer.DeleteRequest[State]) (infer.DeleteResponse, error) {
	_, err := run(ctx, req.State.Shell, req.State.Options, req.State.Lifecycle.Delete, req.State.Output)
	return infer.DeleteResponse{}, err
}

// WireDependencies makes the output depend on the commands alone, so that a change of anything else leaves it known.
func (Command) WireDependencies(f infer.FieldSelector, args *Inputs, state *State) {
	commands := []infer.InputField{f.InputField(&args.Create), f.InputField(&args.Update)}
	f.OutputField(&state.Stdout).DependsOn(commands...)
	f.OutputField(&state.Stderr).DependsOn(commands...)
}

var errPaths = errors.New("assetPaths and archivePaths are not supported by this build of the command plugin: " +
	"read the files in the program, or install the published plugin")

// run runs a command, if there is one, and returns what it printed; without one the previous output stays.
func run(
	ctx context.Context, shell Shell, options process.Options, command *string, previous process.Output,
) (process.Output, error) {
	if len(shell.AssetPaths)+len(shell.ArchivePaths) > 0 {
		return previous, errPaths
	}
	if command == nil {
		return previous, nil
	}
	interpreter := shell.Interpreter
	if len(interpreter) == 0 {
		interpreter = []string{"/bin/sh", "-c"}
	}
	cmd := exec.CommandContext(ctx, interpreter[0], slices.Concat(interpreter[1:], []string{*command})...)
	cmd.WaitDelay = 5 * time.Second
	cmd.Stdin = options.Input()
	if shell.Dir != nil {
		cmd.Dir = *shell.Dir
	}
	cmd.Env = os.Environ()
	for _, extra := range []map[string]string{options.PreviousEnv(previous), options.Environment} {
		for key, value := range extra {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
	}
	return options.Capture(ctx, func(stdout, stderr io.Writer) error {
		cmd.Stdout, cmd.Stderr = stdout, stderr
		return cmd.Run()
	})
}
