package org.genaiconnector.comfyui;

import jakarta.json.JsonObject;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * Version, memory and devices of ComfyUI.
 *
 * @param version ComfyUI's version, absent before August 2024
 * @param operatingSystem Python's name for it, for example {@code posix} or {@code linux}
 * @param pythonVersion absent if ComfyUI does not say
 * @param devices the primary one first
 * @param raw the whole answer
 */
public record SystemStats(
        Optional<String> version,
        String operatingSystem,
        Optional<String> pythonVersion,
        List<Device> devices,
        JsonObject raw)
        implements Serializable {

    public SystemStats {
        devices = List.copyOf(devices);
    }

    /**
     * A computing device.
     *
     * @param name for people, for example {@code cuda:0 NVIDIA GeForce RTX 4090}
     * @param type {@code cpu}, {@code cuda}, {@code mps} and others
     * @param vramTotal bytes
     * @param vramFree bytes
     */
    public record Device(String name, String type, long vramTotal, long vramFree) implements Serializable {}

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
