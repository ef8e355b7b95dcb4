package io.sluice.intake;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * ISA-L's deflate (github.com/intel/isa-l, 2.30) through the Foreign Function API, where the library can be found:
 * {@code apt-get install libisal2}, or its directory in {@code LD_LIBRARY_PATH}.
 *
 * <p>Offsets are those of {@code struct isal_zstream} in igzip_lib.h. Lines are copied out of the heap first: a call
 * that may take a tenth of a millisecond must not pin it.
 */
final class Isal implements Contender.Packer {

    private static final String LIBRARY = "libisal.so.2";
    private static final int STREAM_BYTES = 1 << 20;
    private static final int LEVEL_BYTES = 1 << 20;
    private static final short SYNC_FLUSH = 1;

    private static final int NEXT_IN = 0;
    private static final int AVAIL_IN = 8;
    private static final int NEXT_OUT = 16;
    private static final int AVAIL_OUT = 24;
    private static final int LEVEL = 40;
    private static final int LEVEL_BUFFER_SIZE = 44;
    private static final int LEVEL_BUFFER = 48;
    private static final int FLUSH = 58;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment stream = arena.allocate(STREAM_BYTES, 64);
    private final MemorySegment levelBuffer = arena.allocate(LEVEL_BYTES, 64);
    private final CRC32 crc = new CRC32();
    private final MethodHandle init;
    private final MethodHandle deflate;
    private final int level;
    private MemorySegment lines = arena.allocate(1 << 17, 64);

    Isal(int level) {
        this.level = level;
        SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, arena);
        Linker linker = Linker.nativeLinker();
        init = linker.downcallHandle(
                library.findOrThrow("isal_deflate_init"), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        deflate = linker.downcallHandle(
                library.findOrThrow("isal_deflate"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        reset();
    }

    static boolean isThere() {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(LIBRARY, arena);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public void chunk(byte[] bytes, int offset, int length, ByteBuffer dst) {
        if (length > lines.byteSize()) {
            lines = arena.allocate(2L * length, 64);
        }
        MemorySegment.copy(bytes, offset, lines, ValueLayout.JAVA_BYTE, 0, length);
        int room = dst.remaining();
        stream.set(ValueLayout.ADDRESS, NEXT_IN, lines);
        stream.set(ValueLayout.JAVA_INT, AVAIL_IN, length);
        stream.set(ValueLayout.ADDRESS, NEXT_OUT, MemorySegment.ofBuffer(dst));
        stream.set(ValueLayout.JAVA_INT, AVAIL_OUT, room);
        int failed = call(deflate);
        if (failed != 0 || stream.get(ValueLayout.JAVA_INT, AVAIL_IN) != 0) {
            throw new IllegalStateException("isal_deflate returned " + failed);
        }
        dst.position(dst.position() + room - stream.get(ValueLayout.JAVA_INT, AVAIL_OUT));
        crc.update(bytes, offset, length);
    }

    @Override
    public void reset() {
        try {
            init.invokeExact(stream);
        } catch (Throwable e) {
            throw new IllegalStateException("isal_deflate_init cannot be called", e);
        }
        stream.set(ValueLayout.JAVA_INT, LEVEL, level);
        stream.set(ValueLayout.JAVA_INT, LEVEL_BUFFER_SIZE, LEVEL_BYTES);
        stream.set(ValueLayout.ADDRESS, LEVEL_BUFFER, levelBuffer);
        stream.set(ValueLayout.JAVA_SHORT, FLUSH, SYNC_FLUSH);
        crc.reset();
    }

    @Override
    public void close() {
        arena.close();
    }

    private int call(MethodHandle function) {
        try {
            return (int) function.invokeExact(stream);
        } catch (Throwable e) {
            throw new IllegalStateException("isal_deflate cannot be called", e);
        }
    }
}
