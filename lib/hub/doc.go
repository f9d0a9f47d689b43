// Package hub finds models and data sets on this machine, fetches them from the Hugging Face hub when asked to, and looks
// after its cache.
//
// [Cache.Resolve] turns what a user types, a folder or a name such as google/flan-t5-small, into a folder, and [Cache.Cached]
// an address such as hf://datasets/ORGANISATION/NAME/PATH; neither touches the network. [Cache.Fetch] downloads the files of a
// repository that Paperlab reads, [Cache.Push] uploads those of a model. [Cache.Repositories] lists what was fetched,
// [Cache.Remove] removes it. The cache on disk is the one that Python's huggingface_hub keeps, so what either has fetched serves
// both:
//
//	models--google--flan-t5-small/
//	    blobs/ETAG                     the contents, named by their SHA-256 or git SHA-1
//	    snapshots/COMMIT/config.json   links to ../../blobs/ETAG
//	    refs/main                      the COMMIT that a branch or tag stood for
//
// Behaviour follows huggingface_hub 0.36.2 (file_download.py, constants.py), with three differences on the side of
// safety: contents are checked against their hash, a ref is written after the last file instead of before the first,
// and a second process that fetches the same file is refused instead of kept waiting.
package hub
