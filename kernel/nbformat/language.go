package nbformat

// Language returns the name of the language that the notebook's code is in, as its kernel gives it (go), or
// nothing if the notebook does not say.
func (nb *Notebook) Language() string {
	kernelspec, _ := nb.Metadata["kernelspec"].(map[string]any)
	if language, ok := kernelspec["language"].(string); ok {
		return language
	}
	info, _ := nb.Metadata["language_info"].(map[string]any)
	language, _ := info["name"].(string)
	return language
}
