package nbformat_test

import (
	"fmt"

	"paperlab/kernel/nbformat"
)

func Example() {
	nb := nbformat.New()
	nb.Cells = append(nb.Cells, nbformat.Cell{ID: "hello", Type: nbformat.Code, Source: "a := 1\na + 1"})

	data, err := nb.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(data))
	// Output:
	// {
	//  "cells": [
	//   {
	//    "cell_type": "code",
	//    "execution_count": null,
	//    "id": "hello",
	//    "metadata": {},
	//    "outputs": [],
	//    "source": [
	//     "a := 1\n",
	//     "a + 1"
	//    ]
	//   }
	//  ],
	//  "metadata": {},
	//  "nbformat": 4,
	//  "nbformat_minor": 5
	// }
}
