package io.sluice.delivery.manifest;

import io.sluice.common.Position;
import io.sluice.journal.BlockManifest;
import io.sluice.journal.BlockSource;
import io.sluice.journal.SealedBlock;
import io.sluice.ring.BlockSummary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * Gathers the manifests that the journal has into blocks of their own, and tells it which of them are delivered.
 *
 * <p>Delivery thread only. Holds at most {@value #MAX_RAW_BYTES} bytes of lines and one line more for the block being
 * gathered, and as much for each of {@value #MAX_UNDER_WAY} under way; what is beyond stays with the journal.
 */
public final class Manifests {

    /** Far below what Firehose takes in a record, however badly it packs. */
    static final int MAX_RAW_BYTES = 256 << 10;

    static final int MAX_UNDER_WAY = 4;

    private final ManifestConfig config;
    private final BlockSource source;
    private final UUID incarnation;
    private final long lingerNanos;

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private List<BlockManifest> gathered = new ArrayList<>();
    private long gatheredSinceNanos;
    private long nextBlock;

    /** Made, and not taken by the destination. */
    private SealedBlock again;

    /** Blocks made, and what they tell of. */
    private final Map<SealedBlock, List<BlockManifest>> underWay = new IdentityHashMap<>();

    /**
     * @param incarnation this start's own. Its last log, which no committer ever has, numbers the blocks made here
     */
    public Manifests(ManifestConfig config, BlockSource source, UUID incarnation) {
        this.config = config;
        this.source = source;
        this.incarnation = incarnation;
        this.lingerNanos = config.linger().toNanos();
    }

    /** Takes from the journal what fits. */
    public void gather(long nowNanos) {
        while (!config.on() || underWay.size() < MAX_UNDER_WAY && !isFull()) {
            BlockManifest manifest = source.pollManifest();
            if (manifest == null) {
                return;
            }
            if (!config.on()) {
                source.manifested(manifest);
                continue;
            }
            if (gathered.isEmpty()) {
                gatheredSinceNanos = nowNanos;
            }
            gathered.add(manifest);
            lines.writeBytes(ManifestLine.of(manifest));
        }
    }

    /**
     * The next block to deliver: a full one, or one whose first line has waited for long enough.
     *
     * @param all whether what was gathered is due however little it is
     * @return {@code null} if there is none; else a block that is {@link #settled} or {@linkplain #giveBack given back}
     */
    public SealedBlock poll(long nowNanos, long nowMillis, boolean all) {
        if (again != null) {
            SealedBlock block = again;
            again = null;
            return block;
        }
        boolean due = isFull() || all || nowNanos - gatheredSinceNanos >= lingerNanos;
        if (gathered.isEmpty() || !due) {
            return null;
        }
        SealedBlock block = block(nowMillis);
        underWay.put(block, gathered);
        gathered = new ArrayList<>();
        lines.reset();
        return block;
    }

    private SealedBlock block(long nowMillis) {
        byte[] raw = lines.toByteArray();
        CRC32 crc = new CRC32();
        crc.update(raw);
        ByteArrayOutputStream packed = new ByteArrayOutputStream(raw.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(raw);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return new SealedBlock(
                incarnation,
                Position.MAX_LOG,
                nextBlock++,
                ManifestConfig.GROUP,
                ManifestConfig.ENCODING,
                ByteBuffer.wrap(packed.toByteArray()).asReadOnlyBuffer(),
                gathered.size(),
                raw.length,
                (int) crc.getValue(),
                nowMillis,
                new BlockSummary());
    }

    /** Whether the block was made here, rather than by the journal. */
    public boolean holds(SealedBlock block) {
        return underWay.containsKey(block);
    }

    /** Tells the journal that the block is done with, and with it each manifest in it. */
    public void settled(SealedBlock block) {
        for (BlockManifest manifest : underWay.remove(block)) {
            source.manifested(manifest);
        }
    }

    /** Takes a block back that the destination did not take. */
    public void giveBack(SealedBlock block) {
        again = block;
    }

    /** Nanoseconds until {@link #poll} gives something of what is gathered; {@link Long#MAX_VALUE} if nothing is. */
    public long nanosUntilDue(long nowNanos) {
        if (again != null) {
            return 0;
        }
        if (gathered.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return isFull() ? 0 : Math.max(0, lingerNanos - (nowNanos - gatheredSinceNanos));
    }

    /** Whether nothing is gathered or under way. */
    public boolean isEmpty() {
        return gathered.isEmpty() && underWay.isEmpty();
    }

    private boolean isFull() {
        return lines.size() >= MAX_RAW_BYTES;
    }
}
