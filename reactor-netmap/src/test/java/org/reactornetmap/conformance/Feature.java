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
    /**
     * A persistent VALE port that was opened, or attached to a second switch, can leave its switch. In netmap at
     * 89607e14 it can't: {@code netmap_update_config} takes the name away that the switch knows it by, and it stays for
     * as long as the module is loaded.
     */
    LEAVES_SWITCHES,
    /** {@code @offset=}. */
    OFFSETS,
    /** {@code @extmem=}. */
    EXTMEM
}
