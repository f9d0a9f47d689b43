package sysmon

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"paperlab/tracker"
)

// gpus are the NVIDIA GPUs of the machine, by NVML, which comes with the driver and is looked for at run time.
type gpus struct {
	library nvml.Interface
	devices []nvml.Device
}

// openGPUs returns nil where there is no driver.
func openGPUs(library nvml.Interface) (*gpus, error) {
	switch result := library.Init(); result {
	case nvml.SUCCESS:
	case nvml.ERROR_LIBRARY_NOT_FOUND, nvml.ERROR_DRIVER_NOT_LOADED:
		return nil, nil
	default:
		return nil, fmt.Errorf("NVML: %s", nvml.ErrorString(result))
	}
	g := &gpus{library: library}
	count, result := library.DeviceGetCount()
	for i := 0; i < count && result == nvml.SUCCESS; i++ {
		var device nvml.Device
		device, result = library.DeviceGetHandleByIndex(i)
		g.devices = append(g.devices, device)
	}
	if result != nvml.SUCCESS {
		return nil, errors.Join(fmt.Errorf("NVML: %s", nvml.ErrorString(result)), g.close())
	}
	return g, nil
}

func (g *gpus) close() error {
	if result := g.library.Shutdown(); result != nvml.SUCCESS {
		return fmt.Errorf("NVML: %s", nvml.ErrorString(result))
	}
	return nil
}

// sample adds what each GPU tells; what it does not support is left out.
func (g *gpus) sample(add func(key string, context tracker.Context, value float64)) (err error) {
	for i, device := range g.devices {
		context := tracker.NewContext(map[string]string{"gpu": strconv.Itoa(i)})
		put := func(key string, value float64, result nvml.Return) {
			switch result {
			case nvml.SUCCESS:
				add(key, context, value)
			case nvml.ERROR_NOT_SUPPORTED, nvml.ERROR_NO_PERMISSION:
			default:
				err = errors.Join(err, fmt.Errorf("NVML: %s of GPU %d: %s", key, i, nvml.ErrorString(result)))
			}
		}
		use, result := device.GetUtilizationRates()
		put("gpu_percent", float64(use.Gpu), result)
		memory, result := device.GetMemoryInfo()
		put("gpu_memory_mb", float64(memory.Used)/mebibyte, result)
		temperature, result := device.GetTemperature(nvml.TEMPERATURE_GPU)
		put("gpu_temperature_c", float64(temperature), result)
		milliwatts, result := device.GetPowerUsage()
		put("gpu_power_w", float64(milliwatts)/1000, result)
	}
	return err
}
