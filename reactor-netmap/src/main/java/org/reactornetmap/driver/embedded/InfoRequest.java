package org.reactornetmap.driver.embedded;

import java.nio.ByteBuffer;
import org.reactornetmap.driver.ControlRequest;
import org.reactornetmap.driver.NmreqPoolsInfoDescriptor;
import org.reactornetmap.driver.NmreqPortInfoGetDescriptor;
import org.reactornetmap.driver.RegisterMode;
import org.reactornetmap.driver.RequestType;

/** The requests that ask about a port or a memory. World's lock held. */
final class InfoRequest {
    private final EmbeddedWorld world;
    private final ControlRequest request;

    InfoRequest(final EmbeddedWorld world, final ControlRequest request) {
        this.world = world;
        this.request = request;
    }

    void run(final RequestType type, final ByteBuffer body) {
        if (type == RequestType.POOLS_INFO_GET) {
            poolsInfo(body);
        } else if (request.name().isEmpty()) {
            memoryInfo(body);
        } else {
            portInfo(body);
        }
    }

    /** Without a name only the memory is told of: the one named, or the global one. */
    private void memoryInfo(final ByteBuffer body) {
        final Registration asked = RegisterBody.named(request, RegisterMode.ALL_NIC);
        final int named = RegisterBody.u16(body, NmreqPortInfoGetDescriptor.MEM_ID_OFFSET);
        asked.memId = named == 0 ? EmbeddedMemory.GLOBAL_ID : named;
        writeMemory(world.memories().named(asked), body);
    }

    /** Makes the port for the question if it is not there, with the size that the request says. */
    private void portInfo(final ByteBuffer body) {
        final Registration asked = RegisterBody.named(request, RegisterMode.ALL_NIC);
        asked.txSlots = RegisterBody.slots(body.getInt(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET));
        asked.rxSlots = RegisterBody.slots(body.getInt(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET));
        asked.txRings = RegisterBody.u16(body, NmreqPortInfoGetDescriptor.TX_RINGS_OFFSET);
        asked.rxRings = RegisterBody.u16(body, NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET);
        asked.hostTxRings = RegisterBody.u16(body, NmreqPortInfoGetDescriptor.HOST_TX_RINGS_OFFSET);
        asked.hostRxRings = RegisterBody.u16(body, NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET);
        asked.memId = RegisterBody.u16(body, NmreqPortInfoGetDescriptor.MEM_ID_OFFSET);
        world.ask(asked, true, adapter -> {
            writeMemory(adapter.memory(), body);
            body.putInt(NmreqPortInfoGetDescriptor.TX_SLOTS_OFFSET, adapter.slotCount(false));
            body.putInt(NmreqPortInfoGetDescriptor.RX_SLOTS_OFFSET, adapter.slotCount(true));
            body.putShort(NmreqPortInfoGetDescriptor.TX_RINGS_OFFSET, (short) adapter.ringCount(false));
            body.putShort(NmreqPortInfoGetDescriptor.RX_RINGS_OFFSET, (short) adapter.ringCount(true));
            body.putShort(NmreqPortInfoGetDescriptor.HOST_TX_RINGS_OFFSET, (short) adapter.hostRingCount(false));
            body.putShort(NmreqPortInfoGetDescriptor.HOST_RX_RINGS_OFFSET, (short) adapter.hostRingCount(true));
            return adapter;
        });
    }

    private static void writeMemory(final EmbeddedMemory memory, final ByteBuffer body) {
        body.putLong(NmreqPortInfoGetDescriptor.MEMSIZE_OFFSET, memory.info().memSize());
        body.putShort(NmreqPortInfoGetDescriptor.MEM_ID_OFFSET, (short) memory.id());
    }

    private void poolsInfo(final ByteBuffer body) {
        final Registration asked = RegisterBody.named(request, RegisterMode.ALL_NIC);
        asked.memId = RegisterBody.u16(body, NmreqPoolsInfoDescriptor.MEM_ID_OFFSET);
        world.ask(asked, true, adapter -> {
            adapter.memory().prepare(asked.text);
            writePools(adapter.memory().info(), body);
            return adapter;
        });
    }

    private static void writePools(final PoolsInfo info, final ByteBuffer body) {
        body.putLong(NmreqPoolsInfoDescriptor.MEMSIZE_OFFSET, info.memSize());
        body.putShort(NmreqPoolsInfoDescriptor.MEM_ID_OFFSET, (short) info.memId());
        body.putLong(NmreqPoolsInfoDescriptor.IF_POOL_OFFSET_OFFSET, info.ifPoolOffset());
        body.putInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJTOTAL_OFFSET, info.ifPoolObjTotal());
        body.putInt(NmreqPoolsInfoDescriptor.IF_POOL_OBJSIZE_OFFSET, info.ifPoolObjSize());
        body.putLong(NmreqPoolsInfoDescriptor.RING_POOL_OFFSET_OFFSET, info.ringPoolOffset());
        body.putInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJTOTAL_OFFSET, info.ringPoolObjTotal());
        body.putInt(NmreqPoolsInfoDescriptor.RING_POOL_OBJSIZE_OFFSET, info.ringPoolObjSize());
        body.putLong(NmreqPoolsInfoDescriptor.BUF_POOL_OFFSET_OFFSET, info.bufPoolOffset());
        body.putInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJTOTAL_OFFSET, info.bufPoolObjTotal());
        body.putInt(NmreqPoolsInfoDescriptor.BUF_POOL_OBJSIZE_OFFSET, info.bufPoolObjSize());
    }
}
