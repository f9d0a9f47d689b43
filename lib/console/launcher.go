package console

import (
	"encoding/json"
	"errors"
	"os"
	"time"
)

// ErrorFileVariable is the environment variable that names the file of a launcher of several processes, which speaks for all of them:
// [Report] writes there in place of its writer. It is not told of an error with a method Consequence() bool that returns true: it
// knows the cause.
const ErrorFileVariable = "PAPERLAB_ERROR_FILE"

// torchrunVariable is torchrun's; its report shows what is in the file (torch/distributed/elastic/multiprocessing/errors).
const torchrunVariable = "TORCHELASTIC_ERROR_FILE"

// tellLauncher hands a failure to what started this process as one of several, and says whether nobody else need be told. A file that
// cannot be written leaves it to standard error.
func tellLauncher(line string, err error) (told bool) {
	var result interface{ Consequence() bool }
	consequence := errors.As(err, &result) && result.Consequence()
	if path := os.Getenv(torchrunVariable); path != "" && !consequence {
		report, err := json.Marshal(map[string]any{"message": line, "timestamp": time.Now().Unix()})
		if err == nil {
			_ = os.WriteFile(path, report, 0o600)
		}
	}
	path := os.Getenv(ErrorFileVariable)
	return path != "" && (consequence || os.WriteFile(path, []byte(line+"\n"), 0o600) == nil)
}
