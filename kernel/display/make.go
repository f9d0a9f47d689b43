package display

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"
)

// HTML shows a string as HTML, scripts included.
func HTML(html string) Data { return MakeData(MIMETypeHTML, html) }

// JavaScript runs a string in the page, where the front end allows that.
func JavaScript(javascript string) Data { return MakeData(MIMETypeJavaScript, javascript) }

// JPEG shows the bytes of a JPEG file.
func JPEG(jpeg []byte) Data { return MakeData(MIMETypeJPEG, jpeg) }

// JSON shows a tree that can be folded.
func JSON(json map[string]any) Data { return MakeData(MIMETypeJSON, json) }

// Latex shows LaTeX within a line of text; dollars around it may be left out.
func Latex(latex string) Data {
	return MakeData3(MIMETypeLatex, latex, "$"+strings.Trim(latex, "$")+"$")
}

// Math shows a LaTeX formula in a line of its own; dollars around it may be left out.
func Math(latex string) Data {
	return MakeData3(MIMETypeLatex, latex, "$$"+strings.Trim(latex, "$")+"$$")
}

// Markdown shows a string as Markdown.
func Markdown(markdown string) Data { return MakeData(MIMETypeMarkdown, markdown) }

// PDF shows the bytes of a PDF file, where the front end can.
func PDF(pdf []byte) Data { return MakeData(MIMETypePDF, pdf) }

// PNG shows the bytes of a PNG file.
func PNG(png []byte) Data { return MakeData(MIMETypePNG, png) }

// SVG shows a string as SVG.
func SVG(svg string) Data { return MakeData(MIMETypeSVG, svg) }

// Image shows an image as PNG, a pixel of it as one of the page.
func Image(img image.Image) Data { return imageData(img) }

// MakeData shows data under a MIME type, and as text beside it.
func MakeData(mimeType string, data any) Data {
	return MakeData3(mimeType, plain(mimeType, data), data)
}

// MakeData3 shows data under a MIME type, and plaintext where only text can be shown.
func MakeData3(mimeType string, plaintext string, data any) Data {
	return Data{Data: MIMEMap{MIMETypeText: plaintext, mimeType: data}}
}

// MIME shows the representations in data. The metadata may be nil.
func MIME(data, metadata MIMEMap) Data { return Data{Data: data, Metadata: metadata} }

// File shows a file under a MIME type, or under the one that its first bytes tell where mimeType is empty. A file that
// cannot be read is shown as the error.
func File(mimeType string, path string) Data {
	content, err := os.ReadFile(path)
	if err != nil {
		return errorData(fmt.Errorf("display: %w", err))
	}
	return Any(mimeType, content)
}

// Auto is Any without a MIME type.
func Auto(data any) Data { return Any("", data) }

// Any shows a string, bytes, or what an [io.Reader] or [io.WriterTo] gives, under a MIME type; bytes without one as the
// image or PDF that they begin like, else as text. What else there is, is shown as [Render] does.
func Any(mimeType string, data any) Data {
	if showsItself(data) {
		return withText(data)
	}
	switch v := data.(type) {
	case string:
		if mimeType == "" {
			mimeType = MIMETypeText
		}
		return MakeData(mimeType, v)
	case []byte:
		return detected(mimeType, v)
	case io.Reader:
		content, err := io.ReadAll(v)
		if err != nil {
			return errorData(fmt.Errorf("display: %w", err))
		}
		return detected(mimeType, content)
	case io.WriterTo:
		var content bytes.Buffer
		if _, err := v.WriteTo(&content); err != nil {
			return errorData(fmt.Errorf("display: %w", err))
		}
		return detected(mimeType, content.Bytes())
	}
	return withText(data)
}

// withText is what Render shows, as data.
func withText(v any) Data {
	b := Render(v)
	return Data{Data: b.Data, Metadata: b.Metadata}
}

// detected shows bytes; those that are neither image nor PDF stay text, so that HTML in foreign data is not executed.
func detected(mimeType string, content []byte) Data {
	if mimeType == "" {
		mimeType = http.DetectContentType(content)
		if !strings.HasPrefix(mimeType, "image/") && mimeType != MIMETypePDF {
			if !utf8.Valid(content) {
				return Data{Data: MIMEMap{MIMETypeText: plain("application/octet-stream", content)}}
			}
			mimeType = MIMETypeText
		}
	}
	return MakeData(mimeType, content)
}

// plain is the text that stands for a representation: what is text already, else what it is and how large.
func plain(mimeType string, data any) string {
	if isJSON(mimeType) {
		if raw, ok := data.([]byte); ok {
			data = json.RawMessage(raw)
		}
		if tree, err := json.MarshalIndent(data, "", "  "); err == nil {
			return string(tree)
		}
	}
	if content, ok := data.([]byte); ok && !isText(mimeType) {
		return fmt.Sprintf("%s, %s bytes", mimeType, thousands(len(content)))
	}
	return asString(data)
}
