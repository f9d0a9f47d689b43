package page

import (
	"encoding/base64"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// images finds the pictures that a notebook's texts name.
type images struct {
	folder fs.FS // the notebook's; nil for none
}

// maxImage is the size up to which a picture is inlined.
const maxImage = 32 << 20

// inline returns a data: address for an image that is attached to the cell, or lies in the notebook's folder or below it;
// any other address stays as it is.
func (im images) inline(address string, attachments map[string]string) string {
	if name, ok := strings.CutPrefix(address, "attachment:"); ok {
		if name, err := url.PathUnescape(name); err == nil {
			if data, ok := attachments[name]; ok {
				return data
			}
		}
		return address
	}
	u, err := url.Parse(address)
	if err != nil || im.folder == nil || u.Scheme != "" || u.Host != "" || !fs.ValidPath(path.Clean(u.Path)) {
		return address
	}
	name := path.Clean(u.Path)
	info, err := fs.Stat(im.folder, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxImage {
		return address
	}
	data, err := fs.ReadFile(im.folder, name)
	if err != nil {
		return address
	}
	if mime := imageType(name, data); mime != "" {
		return dataURL(mime, base64.StdEncoding.EncodeToString(data))
	}
	return address
}

// imageType returns the MIME type of a picture that pages show, or nothing: a page must not carry off other files.
func imageType(name string, data []byte) string {
	mime := http.DetectContentType(data)
	switch {
	case mime == "image/png", mime == "image/jpeg", mime == "image/gif", mime == "image/webp":
		return mime
	case strings.EqualFold(path.Ext(name), ".svg") && strings.Contains(string(data[:min(len(data), 1000)]), "<svg"):
		return "image/svg+xml"
	}
	return ""
}

func dataURL(mime, base64 string) string { return "data:" + mime + ";base64," + base64 }
