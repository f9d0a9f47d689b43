package dist

import (
	"bytes"
	"testing"
)

// kept is a store in memory.
type kept map[string][]byte

func (k kept) Set(key string, value []byte) error { k[key] = value; return nil }

func (k kept) Get(key string) ([]byte, error) { return k[key], nil }

func (k kept) Wait(...string) error { return nil }

func TestOldRecordsAreKeptInTheNewForm(t *testing.T) {
	stored := kept{}
	one := &rendezvous{below: below{stored, glooPrefix}, rank: 1, size: 3}
	socket := bytes.Repeat([]byte{7}, socketBytes)
	// Addresses for ranks 0 and 2, which differ in their number.
	each := append(append(append(append([]byte{}, socket...), 5, 0, 0, 0, 0, 0, 0, 0), socket...), 6, 0, 0, 0, 0, 0, 0, 0)
	for key, value := range map[string][]byte{"0/rank_1": []byte("node1")} {
		if err := one.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := one.Set("0/1", each); err != nil {
		t.Fatal(err)
	}
	if len(stored) != 1 || len(stored[glooPrefix+"0/1"]) != 8+5+8+addressBytes+3*8 {
		t.Errorf("kept %v", stored)
	}
	other := &rendezvous{below: below{stored, glooPrefix}, rank: 0, size: 3}
	if name, err := other.Get("0/rank_1"); err != nil || string(name) != "node1" {
		t.Errorf("the machine is %q, %v", name, err)
	}
	if got, err := other.Get("0/1"); err != nil || !bytes.Equal(got, each) {
		t.Errorf("the addresses differ: %v", err)
	}
}

// FuzzRecord takes apart what others put into the store.
func FuzzRecord(f *testing.F) {
	r := &rendezvous{rank: 1, size: 3, machine: []byte("node1")}
	f.Add(r.record(make([]byte, 2*addressBytes)), 1, 3)
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255}, 0, 2)
	f.Fuzz(func(t *testing.T, record []byte, rank, size int) {
		size = 1 + (size&0x7fffffff)%8
		rank = (rank & 0x7fffffff) % size
		machine, each, err := split(record, rank, size)
		if err == nil && (len(each) != addressBytes*(size-1) || len(machine) > len(record)) {
			t.Errorf("%d ranks: %d bytes of addresses, a name of %d", size, len(each), len(machine))
		}
	})
}
