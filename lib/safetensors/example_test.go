package safetensors_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"paperlab/lib/safetensors"
)

func Example() {
	dir, err := os.MkdirTemp("", "weights")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	err = safetensors.Write(filepath.Join(dir, "model.safetensors"), []safetensors.Tensor{
		{Name: "bias", DType: safetensors.BF16, Shape: []int64{2}, Data: []byte{0x80, 0x3f, 0x00, 0xc0}},
		{Name: "steps", DType: safetensors.I64, Data: []byte{7, 0, 0, 0, 0, 0, 0, 0}},
	}, map[string]string{"format": "pt"})
	if err != nil {
		log.Fatal(err)
	}

	weights, err := safetensors.OpenFolder(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer weights.Close()
	for _, name := range weights.Names() {
		info, err := weights.Info(name)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(info.Name, info.DType, info.Shape)
	}
	bias, err := weights.Float32s("bias")
	fmt.Println(bias, err)

	// Output:
	// steps I64 []
	// bias BF16 [2]
	// [1 -2] <nil>
}
