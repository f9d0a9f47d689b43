package sysmon

import (
	"io/fs"
	"path"
)

// disks counts what is read from and written to real disks, without partitions and what is made of them.
func (m *Monitor) disks(now *counters, put func(string, float64)) error {
	stats, err := m.read("proc/diskstats")
	if err != nil {
		return err
	}
	real := 0
	f, err := diskFlow(stats, func(device string) bool {
		if !m.isDevice("sys/block", device) {
			return false
		}
		real++
		return true
	})
	if err != nil || real == 0 {
		return err
	}
	now.disk, now.diskOK = f, true
	m.since(m.first.diskOK, f, m.first.disk, "disk_read_mb", "disk_written_mb", put)
	return nil
}

// networks counts what goes through network cards; in a container, which has none, through all interfaces but the loopback.
func (m *Monitor) networks(now *counters, put func(string, float64)) error {
	dev, err := m.read("proc/net/dev")
	if err != nil {
		return err
	}
	flows, err := interfaceFlows(dev)
	if err != nil {
		return err
	}
	var cards, others flow
	found := 0
	for name, f := range flows {
		switch {
		case name == "lo":
		case m.isDevice("sys/class/net", name):
			found++
			cards.in, cards.out = cards.in+f.in, cards.out+f.out
		default:
			others.in, others.out = others.in+f.in, others.out+f.out
		}
	}
	if found == 0 {
		if _, loopback := flows["lo"]; len(flows) == 0 || len(flows) == 1 && loopback {
			return nil
		}
		cards = others
	}
	now.network, now.hasNet = cards, true
	m.since(m.first.hasNet, cards, m.first.network, "network_received_mb", "network_sent_mb", put)
	return nil
}

// isDevice reports whether what the kernel lists there stands on hardware of its own.
func (m *Monitor) isDevice(folder, name string) bool {
	if !fs.ValidPath(name) {
		return false
	}
	_, err := fs.Stat(m.root, path.Join(folder, name, "device"))
	return err == nil
}

// since puts how much flowed since the first sample. A counter that began anew, as that of a card that was taken out, says
// nothing.
func (m *Monitor) since(known bool, f, first flow, in, out string, put func(string, float64)) {
	if !known {
		first = f
	}
	if f.in >= first.in && f.out >= first.out {
		put(in, float64(f.in-first.in)/mebibyte)
		put(out, float64(f.out-first.out)/mebibyte)
	}
}
