package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RoomTest {

    private static final int LARGEST = 1 << 20;

    /** Wherever it lies, and wherever it has to move on its way. */
    @Test
    void holdsWhatWasPutAndGivesItsMemoryBack() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            BlockMemory memory = random.nextInt(4) == 0 ? null : new BlockMemory(4 * LARGEST);
            int others = memory == null ? 0 : takeMost(memory, random);
            byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 3 * LARGEST : LARGEST / 8)];
            random.nextBytes(bytes);
            Room room = new Room(memory);
            int at = 0;
            while (at < bytes.length) {
                int length = Math.min(bytes.length - at, random.nextInt(200_000));
                if (random.nextBoolean()) {
                    room.put(at, ByteBuffer.wrap(bytes), at, length);
                } else {
                    byte[] part = new byte[length];
                    System.arraycopy(bytes, at, part, 0, length);
                    room.put(at, part);
                }
                at += length;
            }
            // As a SEAL does: what lies behind does not count.
            int shorter = random.nextInt(bytes.length + 1);
            assertThat(room.bytes(bytes.length).isReadOnly()).isTrue();
            assertThat(room.bytes(bytes.length)).as("seed %d", seed).isEqualTo(ByteBuffer.wrap(bytes));
            assertThat(room.bytes(shorter)).as("seed %d", seed).isEqualTo(ByteBuffer.wrap(bytes, 0, shorter));
            room.free();
            if (memory != null) {
                assertThat(memory.usedBytes()).as("seed %d", seed).isEqualTo(others);
            }
        }
    }

    /** All of it, or all but a little. */
    private static int takeMost(BlockMemory memory, Random random) {
        int keep = random.nextInt(4) * LARGEST;
        while (4 * LARGEST - memory.usedBytes() > keep) {
            memory.take(LARGEST);
        }
        return memory.usedBytes();
    }

    @Test
    void aSmallBlockIsInMemoryAsLongAsThereIsSome() {
        BlockMemory memory = new BlockMemory(4 * LARGEST);
        Room room = new Room(memory);
        room.put(0, new byte[100]);
        assertThat(memory.usedBytes()).isEqualTo(memory.sizeFor(100));
        assertThat(room.bytes(100).isDirect()).isTrue();
    }

    @Test
    void nothingIsTakenForNothing() {
        BlockMemory memory = new BlockMemory(4 * LARGEST);
        Room room = new Room(memory);
        room.put(0, new byte[0]);
        assertThat(room.bytes(0).remaining()).isZero();
        assertThat(memory.usedBytes()).isZero();
        room.free();
    }

    /** What is read back must not drive out what is written. */
    @Test
    void aQuarterOfTheMemoryIsLeftToWhoWrites() {
        BlockMemory memory = new BlockMemory(4 * LARGEST);
        List<Room> rooms = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Room room = new Room(memory);
            room.put(0, new byte[LARGEST]);
            assertThat(room.bytes(LARGEST).isDirect()).as("room %d", i).isEqualTo(i < 3);
            rooms.add(room);
        }
        int mine = memory.take(LARGEST);
        assertThat(mine).isNotEqualTo(BlockMemory.NONE);
        rooms.forEach(Room::free);
        assertThat(memory.usedBytes()).isEqualTo(LARGEST);
    }

    @Test
    void aSmallBlockTakesLittleOfTheHeapWhereThereIsNoMemory() {
        BlockMemory memory = new BlockMemory(4 * LARGEST);
        while (memory.take(LARGEST) != BlockMemory.NONE) {}
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        byte[] bytes = new byte[200];
        List<Room> rooms = new ArrayList<>(1000);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            Room room = new Room(memory);
            room.put(0, bytes);
            rooms.add(room);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000 * 1024);
        assertThat(rooms).allMatch(room -> room.bytes(200).remaining() == 200);
    }
}
