package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// CopyToRemote is command:remote:CopyToRemote.
type CopyToRemote struct{}

// CopyToRemoteInputs are the inputs, and the state, of a CopyToRemote.
type CopyToRemoteInputs struct {
	Connection Connection           `pulumi:"connection" provider:"secret"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
	Triggers   []any                `pulumi:"triggers,optional"`
}

func (CopyToRemote) Create(
	ctx context.Context, req infer.CreateRequest[CopyToRemoteInputs],
) (infer.CreateResponse[CopyToRemoteInputs], error) {
	id, err := resource.NewUniqueHex("", 8, 0)
	if err == nil && !req.DryRun {
		err = req.Inputs.copy(ctx)
	}
	return infer.CreateResponse[CopyToRemoteInputs]{ID: id, Output: req.Inputs}, err
}

func (CopyToRemote) Update(
	ctx context.Context, req infer.UpdateRequest[CopyToRemoteInputs, CopyToRemoteInputs],
) (infer.UpdateResponse[CopyToRemoteInputs], error) {
	var err error
	if !req.DryRun {
		err = req.Inputs.copy(ctx)
	}
	return infer.UpdateResponse[CopyToRemoteInputs]{Output: req.Inputs}, err
}

func (c CopyToRemoteInputs) copy(ctx context.Context) error {
	asset, archive := c.Source.Asset, c.Source.Archive
	switch {
	case asset != nil && asset.IsText():
		return c.Connection.withSftp(ctx, func(client *sftp.Client) error {
			return write(client, strings.NewReader(asset.Text), c.RemotePath)
		})
	case asset != nil && asset.IsPath():
		return c.Connection.copyPath(ctx, asset.Path, c.RemotePath)
	case archive != nil && archive.IsPath():
		return c.Connection.copyPath(ctx, archive.Path, c.RemotePath)
	}
	return errors.New("source must be a FileAsset, a StringAsset or a FileArchive")
}

// CopyFile is command:remote:CopyFile.
type CopyFile struct{}

// CopyFileInputs are the inputs, and the state, of a CopyFile.
type CopyFileInputs struct {
	Connection Connection `pulumi:"connection" provider:"secret"`
	LocalPath  string     `pulumi:"localPath"`
	RemotePath string     `pulumi:"remotePath"`
	Triggers   []any      `pulumi:"triggers,optional"`
}

func (CopyFile) Create(
	ctx context.Context, req infer.CreateRequest[CopyFileInputs],
) (infer.CreateResponse[CopyFileInputs], error) {
	id, err := resource.NewUniqueHex("", 8, 0)
	if err == nil && !req.DryRun {
		err = req.Inputs.Connection.copyPath(ctx, req.Inputs.LocalPath, req.Inputs.RemotePath)
	}
	return infer.CreateResponse[CopyFileInputs]{ID: id, Output: req.Inputs}, err
}

func (c Connection) withSftp(ctx context.Context, use func(*sftp.Client) error) error {
	client, err := c.Dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	files, err := sftp.NewClient(client)
	if err != nil {
		return fmt.Errorf("sftp %s: %w", c.address(), err)
	}
	defer files.Close()
	return use(files)
}

// copyPath copies a file or a folder as rsync would: "dir" goes into the target, "dir/" becomes it, and a file
// goes into a target that is a folder.
func (c Connection) copyPath(ctx context.Context, source, target string) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	return c.withSftp(ctx, func(client *sftp.Client) error {
		existing, err := client.Stat(target)
		targetIsDir := err == nil && existing.IsDir()
		if info.IsDir() && !strings.HasSuffix(source, "/") || !info.IsDir() && targetIsDir {
			target = path.Join(target, filepath.Base(source))
		}
		return filepath.WalkDir(source, func(local string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			relative, err := filepath.Rel(source, local)
			if err != nil {
				return err
			}
			file, err := os.Open(local)
			if err != nil {
				return err
			}
			defer file.Close()
			return write(client, file, path.Join(target, filepath.ToSlash(relative)))
		})
	})
}

func write(client *sftp.Client, content io.Reader, target string) error {
	if err := client.MkdirAll(path.Dir(target)); err != nil {
		return fmt.Errorf("make the remote folder %s: %w", path.Dir(target), err)
	}
	file, err := client.Create(target)
	if err != nil {
		return fmt.Errorf("create the remote file %s: %w", target, err)
	}
	defer file.Close()
	if _, err := file.ReadFrom(content); err != nil {
		return fmt.Errorf("write the remote file %s: %w", target, err)
	}
	return nil
}
