// Package store is the key-value store by which the processes of one training find each other: PyTorch's TCPStore, server and
// client, in the protocol that torch speaks since 2.2. A [Client] works with torchrun's store and with that of a Python rank 0,
// a [Server] serves Python ranks.
//
// The protocol has no document; it is that of torch/csrc/distributed/c10d/TCPStore.cpp. Numbers are little-endian, texts and
// values come after their length. It has neither password nor encryption: a server belongs on a network of its own.
package store
