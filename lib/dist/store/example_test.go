package store_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"paperlab/lib/dist/store"
)

// One rank tells another its address.
func Example() {
	server, err := store.Serve("127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	client, err := store.Dial(context.Background(), "127.0.0.1", server.Port(), time.Minute)
	if err != nil {
		log.Fatal(err)
	}
	err = client.Set("rank0", []byte("10.0.0.1:4000"))
	fmt.Println(err)
	address, err := client.Get("rank0")
	fmt.Println(string(address), err)
	fmt.Println(client.Close(), server.Close())
	// Output:
	// <nil>
	// 10.0.0.1:4000 <nil>
	// <nil> <nil>
}
