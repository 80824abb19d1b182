package org.reactornetmap.examples;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a {@link DemoPipeline} runs with.
 *
 * @param topology how the ports are joined
 * @param rings of each port, each way
 * @param slots of each ring
 * @param lanes of the fan-out
 * @param laneThreads each lane on a thread of its own
 * @param batch packets for each TX sync
 * @param packetsPerSecond 0: as fast as it goes
 * @param once each frame is sent once
 * @param drops what the filter drops
 * @param frames what is sent
 */
record DemoSettings(
        DemoTopology.Kind topology,
        int rings,
        int slots,
        int lanes,
        boolean laneThreads,
        int batch,
        long packetsPerSecond,
        boolean once,
        List<DropRule> drops,
        List<ByteBuffer> frames) {}
