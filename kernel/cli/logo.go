package cli

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"golang.org/x/image/vector"
)

// shape is a polygon of the logo, in a square of 64 by 64.
type shape struct {
	fill    color.NRGBA
	corners [][2]float32
}

// logo is a sheet of paper with a curve that falls, as a loss does.
var logo = []shape{
	{color.NRGBA{0x1f, 0x6f, 0x8b, 0xff}, [][2]float32{{10, 2}, {42, 2}, {56, 16}, {56, 62}, {10, 62}}},
	{color.NRGBA{0xff, 0xff, 0xff, 0xff}, [][2]float32{{13, 5}, {40, 5}, {40, 18}, {53, 18}, {53, 59}, {13, 59}}},
	{color.NRGBA{0xbf, 0xdc, 0xe5, 0xff}, [][2]float32{{43, 7}, {51, 15}, {43, 15}}},
	{color.NRGBA{0x1f, 0x6f, 0x8b, 0xff}, [][2]float32{{18, 22}, {21, 22}, {21, 51}, {49, 51}, {49, 54}, {18, 54}}},
	{color.NRGBA{0xd1, 0x49, 0x5b, 0xff}, [][2]float32{{24, 23}, {28, 23}, {30, 34}, {35, 41}, {47, 44}, {47, 48}, {33, 45}, {27, 36}}},
}

// logos draws the pictures that Jupyter shows beside a kernel's name, by file.
func logos() (map[string][]byte, error) {
	files := map[string][]byte{"logo-svg.svg": logoSVG()}
	for _, size := range []int{32, 64} {
		data, err := logoPNG(size)
		if err != nil {
			return nil, fmt.Errorf("draw the logo: %w", err)
		}
		files[fmt.Sprintf("logo-%dx%d.png", size, size)] = data
	}
	return files, nil
}

func logoPNG(size int) ([]byte, error) {
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	scale := float32(size) / 64
	for _, s := range logo {
		pen := vector.NewRasterizer(size, size)
		for i, c := range s.corners {
			if i == 0 {
				pen.MoveTo(c[0]*scale, c[1]*scale)
			} else {
				pen.LineTo(c[0]*scale, c[1]*scale)
			}
		}
		pen.ClosePath()
		pen.Draw(picture, picture.Bounds(), image.NewUniform(s.fill), image.Point{})
	}
	var data bytes.Buffer
	err := png.Encode(&data, picture)
	return data.Bytes(), err
}

func logoSVG() []byte {
	var data strings.Builder
	data.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">` + "\n")
	for _, s := range logo {
		data.WriteString(`  <polygon points="`)
		for i, c := range s.corners {
			if i > 0 {
				data.WriteByte(' ')
			}
			fmt.Fprintf(&data, "%g,%g", c[0], c[1])
		}
		fmt.Fprintf(&data, `" fill="#%02x%02x%02x"/>`+"\n", s.fill.R, s.fill.G, s.fill.B)
	}
	data.WriteString("</svg>\n")
	return []byte(data.String())
}
