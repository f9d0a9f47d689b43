package hub

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
)

// token finds the user's token as get_token of huggingface_hub does: HF_TOKEN, or its old name, else the file that
// `hf auth login` writes, at HF_TOKEN_PATH or in the hub's own folder. It is empty where there is none, which public
// models do not need, and HF_HUB_DISABLE_IMPLICIT_TOKEN keeps it so.
func token(home string) string {
	clean := strings.NewReplacer("\r", "", "\n", "")
	if t := strings.TrimSpace(clean.Replace(cmp.Or(os.Getenv("HF_TOKEN"), os.Getenv("HUGGING_FACE_HUB_TOKEN")))); t != "" {
		return t
	}
	path := expand(os.Getenv("HF_TOKEN_PATH"))
	if path == "" && home != "" {
		path = filepath.Join(home, "token")
	}
	// Who may not read the file has no token, and the hub says so where one is needed.
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(clean.Replace(string(content)))
}

// yes reads a switch of the environment.
func yes(variable string) bool {
	switch strings.ToUpper(os.Getenv(variable)) {
	case "1", "ON", "YES", "TRUE":
		return true
	}
	return false
}
