package compute

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/checkpoints"
	"paperlab/lib/console"
	"paperlab/lib/train"
)

// checkpointsFolder is where the trainings put what they make.
const checkpointsFolder = "model_checkpoints"

func checkpointsListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ls [FOLDER]",
		Short: "List the checkpoints of trainings, and which are whole",
		Example: `  paperlab checkpoints ls
  paperlab checkpoints ls model_checkpoints/summarization_model --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := append(args, checkpointsFolder)[0]
			if _, err := os.Stat(root); err != nil && len(args) > 0 {
				return fmt.Errorf("checkpoints: %w", err)
			}
			all, err := listCheckpoints(root)
			if err != nil {
				return err
			}
			if asJSON {
				for _, c := range all {
					if err := console.JSON(cmd.OutOrStdout(), c); err != nil {
						return err
					}
				}
				return nil
			}
			if len(all) == 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "no checkpoints are in %s\n", root)
				return nil
			}
			var rows [][]string
			for _, c := range all {
				rows = append(rows, []string{c.Folder, fmt.Sprintf("%.1f", float64(c.Bytes)/1e6), c.verdict()})
			}
			return console.Table(cmd.OutOrStdout(), []string{"checkpoint", "MB", "state"}, rows)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a checkpoint")
	return cmd
}

func checkpointsVerifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify CHECKPOINT...",
		Short: "Read checkpoints and compare their files with their manifests",
		Example: `  paperlab checkpoints verify model_checkpoints/summarization_model/checkpoint-2250
  paperlab checkpoints verify model_checkpoints/*/checkpoint-*`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, folders []string) error {
			for _, folder := range folders {
				if err := train.Verify(folder); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s is whole\n", folder)
			}
			return nil
		},
	}
}

func checkpointsCopyCommand() *cobra.Command {
	from := checkpointsFolder
	cmd := &cobra.Command{
		Use:   "copy DEST",
		Short: "Copy all checkpoints to another place",
		Long: `Copy checkpoints, models and indexes to another place, such as a mounted drive. Each file is read back and compared by its
SHA-256. What is there already is not copied again, and a copy that was interrupted goes on where it stopped.`,
		Example: `  paperlab checkpoints copy /mnt/drive/model_checkpoints
  paperlab checkpoints copy --from model_checkpoints/fine_tuned_search_model /srv/models/search`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			copied, err := copyWithBar(cmd, from, args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %v\n", args[0], copied)
			return err
		},
	}
	cmd.Flags().StringVar(&from, "from", from, "folder to copy")
	return cmd
}

// copyWithBar copies with a progress bar in MB, whose total is known once the first file is there.
func copyWithBar(cmd *cobra.Command, from, to string) (checkpoints.Copied, error) {
	var bar *console.Progress
	copied, err := checkpoints.Copy(cmd.Context(), from, to, func(done, total int64) {
		if bar == nil {
			bar = console.NewProgress(cmd.ErrOrStderr(), time.Now, console.Task{Label: "copying", Unit: "MB", Total: total / 1e6})
		}
		bar.Set(done / 1e6)
	})
	if bar != nil {
		bar.End()
	}
	return copied, err
}

// savedCheckpoint is one checkpoint of a training.
type savedCheckpoint struct {
	Folder string `json:"folder"`
	Bytes  int64  `json:"bytes"`
	Error  string `json:"error,omitempty"` // what is wrong with one that is not whole
}

func (c savedCheckpoint) verdict() string {
	if c.Error == "" {
		return "whole"
	}
	return c.Error
}

// listCheckpoints finds the checkpoints in a folder and in those below it.
func listCheckpoints(root string) (all []savedCheckpoint, err error) {
	outputs, err := filepath.Glob(filepath.Join(root, "*"))
	if err != nil {
		return nil, err
	}
	for _, output := range append([]string{root}, outputs...) {
		if info, err := os.Stat(output); err == nil && !info.IsDir() {
			continue
		}
		folders, err := train.Checkpoints(output)
		if err != nil {
			return nil, err
		}
		for _, folder := range folders {
			c := savedCheckpoint{Folder: folder}
			if err := train.Verify(folder); err != nil {
				c.Error = err.Error()
			}
			if c.Bytes, err = folderSize(folder); err != nil {
				return nil, err
			}
			all = append(all, c)
		}
	}
	return all, nil
}

func folderSize(folder string) (bytes int64, err error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			return 0, err
		}
		if info.Mode().IsRegular() {
			bytes += info.Size()
		}
	}
	return bytes, nil
}
