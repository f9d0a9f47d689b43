package hub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// lfsType is the media type of git's large file storage.
const lfsType = "application/vnd.git-lfs+json"

// object is a file in large file storage, by the names of its protocol.
type object struct {
	OID  string `json:"oid"` // SHA-256
	Size int64  `json:"size"`
	name string
}

// stored is the storage's answer about an object: how to send it, or nothing where it is there.
type stored struct {
	object
	Actions struct {
		Upload, Verify *action
	} `json:"actions"`
	Error *struct {
		Message string `json:"message"`
	} `json:"error"`
}

type action struct {
	Href   string            `json:"href"`
	Header map[string]string `json:"header"`
}

// store sends files to large file storage, those that are not there yet.
func (p push) store(ctx context.Context, files []Upload) (objects []object, err error) {
	names := map[string]string{} // of a file with that content
	var distinct []object
	for _, f := range files {
		o, err := p.object(f)
		if err != nil {
			return nil, err
		}
		objects = append(objects, o)
		if names[o.OID] == "" {
			distinct, names[o.OID] = append(distinct, o), o.name
			p.tally.total += o.Size
		}
	}
	for chunk := range slices.Chunk(distinct, batch) {
		var answer struct {
			Objects []stored `json:"objects"`
		}
		err := p.post(ctx, fmt.Sprintf("%s/%s.git/info/lfs/objects/batch", p.remote.endpoint, p.remote.repository.route()), lfsType, map[string]any{
			"operation": "upload", "transfers": []string{"basic", "multipart"}, "objects": chunk, "hash_algo": "sha256", "ref": map[string]string{"name": "main"},
		}, &answer)
		if err != nil {
			return nil, err
		}
		for _, s := range answer.Objects {
			if s.name = names[s.OID]; s.name == "" {
				return nil, fmt.Errorf("the hub asks for a file that was not offered (%s)", s.OID)
			}
			if err := p.upload(ctx, s); err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
			delete(names, s.OID)
		}
	}
	for _, name := range names {
		return nil, fmt.Errorf("%s: the hub does not say where to send it", name)
	}
	return objects, nil
}

func (p push) object(f Upload) (object, error) {
	file, err := os.Open(filepath.Join(p.dir, filepath.FromSlash(f.Name)))
	if err != nil {
		return object{}, err
	}
	defer file.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, file)
	return object{hex.EncodeToString(hash.Sum(nil)), size, f.Name}, err
}

// upload sends one object and has its arrival confirmed.
func (p push) upload(ctx context.Context, s stored) error {
	if s.Error != nil {
		return fmt.Errorf("the hub refuses it: %s", s.Error.Message)
	}
	defer p.tally.add(s.Size)
	if s.Actions.Upload == nil {
		return nil
	}
	file, err := os.Open(filepath.Join(p.dir, filepath.FromSlash(s.name)))
	if err != nil {
		return err
	}
	defer file.Close()
	if chunk, ok := s.Actions.Upload.Header["chunk_size"]; ok {
		err = p.parts(ctx, s, file, chunk)
	} else {
		_, err = p.put(ctx, s.Actions.Upload.Href, io.NewSectionReader(file, 0, s.Size))
	}
	if err == nil && s.Actions.Verify != nil {
		err = p.post(ctx, s.Actions.Verify.Href, lfsType, s.object, nil)
	}
	return err
}

// part is one of the pieces in which a large object is sent.
type part struct {
	Number int    `json:"partNumber"`
	ETag   string `json:"etag"`
}

// parts sends an object in pieces of a size, each to the address that the header has under its number, and says so in the end.
func (p push) parts(ctx context.Context, s stored, file *os.File, chunk string) error {
	size, err := strconv.ParseInt(chunk, 10, 64)
	if err != nil || size <= 0 {
		return fmt.Errorf("the hub asks for pieces of %q bytes", chunk)
	}
	addresses := map[int]string{}
	for key, address := range s.Actions.Upload.Header {
		if number, err := strconv.Atoi(key); err == nil {
			addresses[number] = address
		}
	}
	var sent []part
	for offset := int64(0); offset < s.Size; offset += size {
		number := len(sent) + 1
		address, ok := addresses[number]
		if !ok {
			return fmt.Errorf("the hub does not say where to send piece %d", number)
		}
		etag, err := p.put(ctx, address, io.NewSectionReader(file, offset, min(size, s.Size-offset)))
		if err != nil {
			return err
		}
		if etag == "" {
			return errors.New("the hub's storage does not confirm a piece")
		}
		sent = append(sent, part{number, etag})
	}
	return p.post(ctx, s.Actions.Upload.Href, lfsType, map[string]any{"oid": s.OID, "parts": sent}, nil)
}

func (p push) put(ctx context.Context, address string, body *io.SectionReader) (etag string, err error) {
	resp, err := p.remote.do(ctx, call{method: http.MethodPut, url: address, body: body})
	if err != nil {
		return "", err
	}
	return resp.Header.Get("Etag"), resp.Body.Close()
}
