package org.reactornetmap.conformance;

/** What a target may lack: its tests are then skipped, with the feature's name as reason. */
public enum Feature {
    /** VALE switches. */
    VALE,
    /** Monitor ports: {@code /t}, {@code /r}, {@code /z}. */
    MONITORS,
    /** Control requests by {@code NetmapDriver.newDescriptor()}. */
    CONTROL,
    /** Interfaces with host rings, on cables: {@link ConformanceTarget#cabledInterfaces}. */
    INTERFACES,
    /** {@code @offset=}. */
    OFFSETS,
    /** {@code @extmem=}. */
    EXTMEM
}
