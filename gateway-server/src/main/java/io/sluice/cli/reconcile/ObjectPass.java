package io.sluice.cli.reconcile;

import io.sluice.aws.ObjectReader;
import io.sluice.cli.objects.ObjectWalk;
import io.sluice.cli.objects.ShopCounts;
import io.sluice.record.BlockStream;
import java.io.IOException;

/** Reads every object of a walk once, and puts down what is in it. One thread. */
final class ObjectPass {

    private final ObjectReader reader;
    private final String bucket;
    private final Report report;
    private final Ledger ledger;
    private final BlockScan scan;
    private final ManifestReader manifests;
    private final Erasures erasures;
    private final int rejectedGroup;

    ObjectPass(
            ObjectReader reader,
            String bucket,
            Report report,
            Ledger ledger,
            BlockScan scan,
            ManifestReader manifests,
            Erasures erasures,
            int rejectedGroup) {
        this.reader = reader;
        this.bucket = bucket;
        this.report = report;
        this.ledger = ledger;
        this.scan = scan;
        this.manifests = manifests;
        this.erasures = erasures;
        this.rejectedGroup = rejectedGroup;
    }

    /** Reads tombstones, which have to be known before the blocks that they tell of. */
    void readTombstones(String prefix, Progress progress) throws IOException {
        ObjectReader.Listing listing = reader.list(bucket, prefix);
        for (ObjectReader.Entry entry = listing.next(); entry != null; entry = listing.next()) {
            progress.tick(entry.key());
            try (BlockStream blocks = BlockStream.open(reader.open(bucket, entry.key()))) {
                readManifests(blocks, entry.key());
            } catch (IOException e) {
                report.damaged(entry.key() + ": " + e.getMessage());
            }
        }
    }

    /** @throws IOException if objects cannot be listed; what is wrong with one of them stands in the report */
    void read(ObjectWalk walk, Progress progress) throws IOException {
        for (ObjectWalk.Found object = walk.next(); object != null; object = walk.next()) {
            progress.tick(object.key());
            report.objects++;
            report.bytes += object.bytes();
            try (BlockStream blocks = BlockStream.open(reader.open(bucket, object.key()))) {
                if (object.source() == 0) {
                    readManifests(blocks, object.key());
                } else {
                    readBlocks(blocks, object, object.source() - 1, progress);
                }
            } catch (IOException e) {
                report.damaged(object.key() + ": " + e.getMessage());
            }
        }
    }

    private void readManifests(BlockStream object, String key) throws IOException {
        manifests.read(object, new ManifestReader.Visitor() {
            @Override
            public void manifest(Manifest manifest, ShopCounts shops) {
                if (ledger.manifest(manifest)) {
                    report.expectedLines(shops, manifest.facts().group() == rejectedGroup);
                    Erasures.Erased erased = erasures.of(manifest.incarnation(), manifest.log(), manifest.block());
                    if (erased != null) {
                        report.erasedLines(shops, erased.shops());
                    }
                }
            }

            @Override
            public void erased(Manifest left, RunSet lines, ShopCounts shops) {
                erasures.add(left, lines, shops);
            }

            @Override
            public void unknown() {
                report.unknownManifests++;
            }

            @Override
            public void malformed(int line) {
                report.damaged(key + ": line " + line + " is no manifest");
            }
        });
    }

    private void readBlocks(BlockStream blocks, ObjectWalk.Found object, int group, Progress progress)
            throws IOException {
        scan.read(blocks, (block, shops) -> {
            progress.tick(object.key());
            if (block.first() == null) {
                report.foreign++;
                return;
            }
            if (block.problem() != null) {
                report.damaged(object.key() + ": block " + block.first() + " " + block.problem());
            }
            Facts facts = new Facts(group, block.records(), block.rawLength(), block.crc32(), block.shops());
            if (ledger.found(block.first(), facts, object.minute())) {
                report.foundLines(shops, group == rejectedGroup);
            }
        });
    }
}
