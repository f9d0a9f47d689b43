package tokenize

import "strings"

// cleanUps are replaced one after the other (clean_up_tokenization of tokenization_utils_base.py).
var cleanUps = [...][2]string{
	{" .", "."}, {" ?", "?"}, {" !", "!"}, {" ,", ","}, {" ' ", "'"},
	{" n't", "n't"}, {" 'm", "'m"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
}

// cleanUp takes out the spaces that English has not: before punctuation and within contractions.
func cleanUp(text string) string {
	for _, c := range cleanUps {
		text = strings.ReplaceAll(text, c[0], c[1])
	}
	return text
}
