package remote

import (
	"context"
	"fmt"
	"io"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"drydock/toolchain/command/process"
)

// Command is command:remote:Command.
type Command struct{}

// CommandInputs are the inputs of a Command.
type CommandInputs struct {
	Connection Connection `pulumi:"connection" provider:"secret"`
	process.Lifecycle
	process.Options
}

// CommandState is the state of a Command.
type CommandState struct {
	CommandInputs
	process.Output
}

func (Command) Create(
	ctx context.Context, req infer.CreateRequest[CommandInputs],
) (infer.CreateResponse[CommandState], error) {
	id, err := resource.NewUniqueHex(req.Name, 8, 0)
	state := CommandState{CommandInputs: req.Inputs}
	if err == nil && !req.DryRun {
		state.Output, err = req.Inputs.run(ctx, req.Inputs.Create, process.Output{})
	}
	return infer.CreateResponse[CommandState]{ID: id, Output: state}, err
}

func (Command) Update(
	ctx context.Context, req infer.UpdateRequest[CommandInputs, CommandState],
) (infer.UpdateResponse[CommandState], error) {
	state := CommandState{CommandInputs: req.Inputs, Output: req.State.Output}
	var err error
	if !req.DryRun {
		state.Output, err = req.Inputs.run(ctx, req.Inputs.OnUpdate(), req.State.Output)
	}
	return infer.UpdateResponse[CommandState]{Output: state}, err
}

func (Command) Delete(ctx context.Context, req infer.DeleteRequest[CommandState]) (infer.DeleteResponse, error) {
	_, err := req.State.run(ctx, req.State.Lifecycle.Delete, req.State.Output)
	return infer.DeleteResponse{}, err
}

// WireDependencies makes the output depend on the commands alone, so that a change of anything else leaves it known.
func (Command) WireDependencies(f infer.FieldSelector, args *CommandInputs, state *CommandState) {
	commands := []infer.InputField{f.InputField(&args.Create), f.InputField(&args.Update)}
	f.OutputField(&state.Stdout).DependsOn(commands...)
	f.OutputField(&state.Stderr).DependsOn(commands...)
	f.OutputField(&state.Connection).AlwaysSecret()
}

// run runs a command, if there is one, and returns what it printed; without one the previous output stays.
func (c CommandInputs) run(ctx context.Context, command *string, previous process.Output) (process.Output, error) {
	if command == nil {
		return previous, nil
	}
	client, err := c.Connection.Dial(ctx)
	if err != nil {
		return previous, err
	}
	defer client.Close()
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	session, err := client.NewSession()
	if err != nil {
		return previous, err
	}
	for key, value := range c.Environment {
		if err := session.Setenv(key, value); err != nil {
			return previous, fmt.Errorf("the server refused the environment variable %s: allow it with AcceptEnv in its "+
				"sshd_config, or write %s=value in front of the command: %w", key, key, err)
		}
	}
	for key, value := range c.PreviousEnv(previous) {
		if err := session.Setenv(key, value); err != nil {
			provider.GetLogger(ctx).Warningf("the server refused %s: set addPreviousOutputInEnv to false, "+
				"or allow it with AcceptEnv in its sshd_config", key)
		}
	}
	session.Stdin = c.Input()
	return c.Capture(ctx, func(stdout, stderr io.Writer) error {
		session.Stdout, session.Stderr = stdout, stderr
		if err := session.Run(*command); err != nil {
			return fmt.Errorf("%s: %w", c.Connection.address(), err)
		}
		return nil
	})
}
