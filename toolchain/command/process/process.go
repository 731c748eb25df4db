// Package process is what local and remote commands have in common: inputs, output and logging.
package process

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	provider "github.com/pulumi/pulumi-go-provider"
)

// Options are the inputs of every process that is run.
type Options struct {
	Environment            map[string]string `pulumi:"environment,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Logging                *string           `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// Lifecycle says what to run when.
type Lifecycle struct {
	Create   *string `pulumi:"create,optional"`
	Update   *string `pulumi:"update,optional"`
	Delete   *string `pulumi:"delete,optional"`
	Triggers []any   `pulumi:"triggers,optional"`
}

// OnUpdate is the command of an update: create where there is none of its own.
func (l Lifecycle) OnUpdate() *string {
	if l.Update != nil {
		return l.Update
	}
	return l.Create
}

// Output is what the last command that ran has printed.
type Output struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// PreviousEnv holds the output of the command before, by the names under which the next finds it.
func (o Options) PreviousEnv(previous Output) map[string]string {
	env := map[string]string{}
	if o.AddPreviousOutputInEnv != nil && !*o.AddPreviousOutputInEnv {
		return env
	}
	if previous.Stdout != "" {
		env["PULUMI_COMMAND_STDOUT"] = previous.Stdout
	}
	if previous.Stderr != "" {
		env["PULUMI_COMMAND_STDERR"] = previous.Stderr
	}
	return env
}

// Input is the process's standard input.
func (o Options) Input() io.Reader {
	if o.Stdin == nil {
		return nil
	}
	return strings.NewReader(*o.Stdin)
}

// Capture runs a process and keeps what it prints. The error of a process that fails ends with its output.
func (o Options) Capture(ctx context.Context, run func(stdout, stderr io.Writer) error) (Output, error) {
	var stdout, stderr, both bytes.Buffer
	var mutex sync.Mutex
	tee := func(own *bytes.Buffer) io.Writer {
		return writer(func(p []byte) (int, error) {
			mutex.Lock()
			defer mutex.Unlock()
			both.Write(p)
			return own.Write(p)
		})
	}
	err := run(tee(&stdout), tee(&stderr))
	output := Output{
		Stdout: strings.TrimSuffix(stdout.String(), "\n"),
		Stderr: strings.TrimSuffix(stderr.String(), "\n"),
	}
	if err != nil {
		return output, fmt.Errorf("%w: it printed:\n%s", err, both.String())
	}
	o.log(ctx, output)
	return output, nil
}

func (o Options) log(ctx context.Context, output Output) {
	logging := "none"
	if o.Logging != nil {
		logging = *o.Logging
	}
	logger := provider.GetLogger(ctx)
	if output.Stdout != "" && (logging == "stdout" || logging == "stdoutAndStderr") {
		logger.Info(output.Stdout)
	}
	if output.Stderr != "" && (logging == "stderr" || logging == "stdoutAndStderr") {
		logger.Info(output.Stderr)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
