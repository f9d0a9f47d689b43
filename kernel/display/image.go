package display

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
)

func imageData(img image.Image) Data {
	var content bytes.Buffer
	if err := png.Encode(&content, img); err != nil {
		return errorData(fmt.Errorf("display: %w", err))
	}
	size := img.Bounds().Size()
	return Data{
		Data: MIMEMap{
			MIMETypePNG:  content.Bytes(),
			MIMETypeText: fmt.Sprintf("image, %d x %d", size.X, size.Y),
		},
		Metadata: MIMEMap{MIMETypePNG: MIMEMap{"width": size.X, "height": size.Y}},
	}
}
