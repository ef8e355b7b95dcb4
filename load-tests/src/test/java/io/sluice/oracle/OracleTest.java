package io.sluice.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.load.acks.AckFile;
import io.sluice.load.acks.AckHead;
import io.sluice.load.acks.BlockSet;
import io.sluice.load.acks.EventId;
import io.sluice.load.acks.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(120)
class OracleTest {

    private static final String RUN = "abcd1234";
    private static final long PLENTY = 64 << 20;

    @TempDir
    Path directory;

    private Path acks;
    private Path objects;

    @BeforeEach
    void directories() throws IOException {
        acks = directory.resolve("run.acks");
        objects = Files.createDirectories(directory.resolve("s3/events/2026"));
    }

    @Test
    void findsEverythingInEveryEncoding() throws IOException {
        run(RUN, acks, 300, 0, 300);
        object("a", new Delivery().events(RUN, 0, 100, 1).gzip());
        object("b", new Delivery().events(RUN, 100, 200, 2).zstd());
        object("c", new Delivery().events(RUN, 200, 300, 3).ndjson());
        Verdict verdict = judge(PLENTY);
        assertThat(verdict.line()).isEqualTo("sent=300 acked=300 found=300 lost=0 duplicates=0 phantom=0");
        assertThat(verdict.objects).isEqualTo(3);
        assertThat(verdict.good()).isTrue();
    }

    @Test
    void findsPlantedLoss() throws IOException {
        run(RUN, acks, 1_000, 0, 1_000);
        object(
                "a",
                new Delivery()
                        .events(RUN, 0, 400, 1)
                        .events(RUN, 401, 900, 2)
                        .events(RUN, 910, 1_000, 3)
                        .gzip());
        Verdict verdict = judge(PLENTY);
        assertThat(verdict.line()).isEqualTo("sent=1000 acked=1000 found=989 lost=11 duplicates=0 phantom=0");
        assertThat(verdict.losses)
                .containsExactly(EventId.text(RUN, 400), EventId.text(RUN, 900) + " to " + EventId.text(RUN, 909));
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void tellsWhatWasDeliveredTwiceFromWhatWasSentTwice() throws IOException {
        run(RUN, acks, 500, 0, 500);
        byte[] block = new Delivery().events(RUN, 0, 300, 1).gzip();
        object("a", concat(block, new Delivery().events(RUN, 300, 500, 2).gzip(), block));
        object("b", concat(block, new Delivery().events(RUN, 10, 30, 3).gzip()));
        Verdict verdict = judge(PLENTY);
        assertThat(verdict.line()).isEqualTo("sent=500 acked=500 found=500 lost=0 duplicates=620 phantom=0");
        assertThat(verdict.redelivered).isEqualTo(600);
        assertThat(verdict.resent).isEqualTo(20);
        assertThat(verdict.good()).isTrue();
    }

    @Test
    void findsWhatWasNeverSent() throws IOException {
        run(RUN, acks, 100, 0, 100);
        object(
                "a",
                new Delivery()
                        .events(RUN, 0, 100, 1)
                        .line(Delivery.line(RUN, 100, 2, 0))
                        .line(Delivery.line(RUN, 70_000, 2, 1))
                        .line(Delivery.line(RUN, 900_000_000_000L, 2, 2))
                        .gzip());
        Verdict verdict = judge(PLENTY);
        assertThat(verdict.line()).isEqualTo("sent=100 acked=100 found=100 lost=0 duplicates=0 phantom=3");
        assertThat(verdict.phantoms).anyMatch(text -> text.contains(EventId.text(RUN, 900_000_000_000L)));
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void whatWasNotAckedMayBeThereOrNot() throws IOException {
        run(RUN, acks, 100, 20, 80);
        object("a", new Delivery().events(RUN, 10, 90, 1).gzip());
        Verdict verdict = judge(PLENTY);
        assertThat(verdict.line()).isEqualTo("sent=100 acked=60 found=80 lost=0 duplicates=0 phantom=0");
        assertThat(verdict.unacked).isEqualTo(20);
        assertThat(verdict.good()).isTrue();
    }

    @Test
    void leavesRecordsOfOthersAlone() throws IOException {
        run(RUN, acks, 10, 0, 10);
        object(
                "a",
                new Delivery()
                        .events(RUN, 0, 10, 1)
                        .events("zzzz9999", 0, 5, 2)
                        .line("{\"shop\":\"demo\",\"rt\":1,\"reason\":\"not-an-object\",\"pos\":\"x\"}")
                        .line("{\"id\":\"e-abcd1234-00000000000x\",\"event\":\"a\"}")
                        .line("{\"id\":\"e-abcd1234-0000000000001\",\"event\":\"a\"}")
                        .line("")
                        .ndjson());
        Verdict verdict = judge(PLENTY);
        assertThat(verdict.line()).isEqualTo("sent=10 acked=10 found=10 lost=0 duplicates=0 phantom=0");
        assertThat(verdict.foreign).isEqualTo(9);
        assertThat(verdict.records).isEqualTo(19);
    }

    @Test
    void reportsADamagedObjectWithItsPlaceAndReadsTheOthers() throws IOException {
        run(RUN, acks, 300, 0, 300);
        byte[] whole = new Delivery().events(RUN, 0, 100, 1).gzip();
        byte[] bad = new Delivery().events(RUN, 100, 200, 2).gzip();
        bad[bad.length - 6] ^= 1;
        object("a", concat(whole, bad));
        object(
                "b",
                java.util.Arrays.copyOf(new Delivery().events(RUN, 200, 300, 3).ndjson(), 2_000));
        Verdict verdict = judge(PLENTY);
        assertThat(verdict.damaged).hasSize(2);
        assertThat(verdict.damaged.get(0))
                .startsWith(objects.resolve("a").toString())
                .contains("at or before byte " + (whole.length + bad.length))
                .contains("gzip member at byte " + whole.length);
        assertThat(verdict.damaged.get(1)).contains("byte 2000").contains("ends within a line");
        assertThat(verdict.lost).isPositive();
        assertThat(verdict.good()).isFalse();
    }

    @Test
    void aRunThatDidNotEndCountsWhatItClaimedAsSent() throws IOException {
        AckFile file = new AckFile(acks, new AckHead(RUN, 1, 1));
        Ledger ledger = new Ledger(file);
        ledger.acked(deal(ledger, 50));
        deal(ledger, 50);
        ledger.snapshot();
        file.close();
        object("a", new Delivery().events(RUN, 0, 100, 1).gzip());
        Verdict verdict = judge(PLENTY);
        assertThat(verdict.allEnded).isFalse();
        assertThat(verdict.acked).isEqualTo(50);
        assertThat(verdict.found).isEqualTo(100);
        assertThat(verdict.phantom).isZero();
        assertThat(verdict.lost).isZero();
    }

    @Test
    void takesSeveralRunsTogether() throws IOException {
        Path second = directory.resolve("second.acks");
        run(RUN, acks, 70_000, 0, 70_000);
        run("zzzz9999", second, 100, 0, 100);
        object(
                "a",
                new Delivery()
                        .events("zzzz9999", 0, 99, 1)
                        .events(RUN, 0, 70_000, 2)
                        .zstd());
        Verdict verdict = Oracle.judge(List.of(acks, second), List.of(new Directories(List.of(directory))), PLENTY);
        assertThat(verdict.line()).isEqualTo("sent=70100 acked=70100 found=70099 lost=1 duplicates=0 phantom=0");
        assertThat(verdict.losses).containsExactly(EventId.text("zzzz9999", 99));
        assertThatThrownBy(
                        () -> Oracle.judge(List.of(acks, acks), List.of(new Directories(List.of(directory))), PLENTY))
                .hasMessageContaining("a further file of acks of run " + RUN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void countsTheSameWithLittleMemoryInMoreReadings(int seed) throws IOException {
        Random random = new Random(seed);
        int events = 3 * BlockSet.SIZE;
        AckFile file = new AckFile(acks, new AckHead(RUN, 1, seed));
        Ledger ledger = new Ledger(file);
        BitSet acked = new BitSet();
        for (int i = 0; i < events; i++) {
            Ledger.Range range = deal(ledger, 1);
            if (random.nextInt(10) > 0) {
                ledger.acked(range);
                acked.set((int) range.first());
            }
        }
        ledger.close();
        file.end(ledger.sent());
        // In any order, so that every block needs its bitmap at once.
        List<Integer> numbers = new ArrayList<>();
        BitSet found = new BitSet();
        int duplicates = 0;
        int redelivered = 0;
        Delivery delivery = new Delivery();
        for (int number = 0; number < events; number++) {
            if (random.nextInt(50) > 0) {
                numbers.add(number);
                found.set(number);
            }
        }
        Collections.shuffle(numbers, random);
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            delivery.line(Delivery.line(RUN, number, number, 0));
            if (random.nextInt(20) == 0) {
                boolean same = random.nextBoolean();
                delivery.line(Delivery.line(RUN, number, number, same ? 0 : 1));
                duplicates++;
                redelivered += same ? 1 : 0;
            }
        }
        object("a", delivery.zstd());
        BitSet lost = (BitSet) acked.clone();
        lost.andNot(found);
        for (long budget : new long[] {PLENTY, 120_000, 1}) {
            Verdict verdict = judge(budget);
            assertThat(verdict.line())
                    .as("seed %d, %d bytes", seed, budget)
                    .isEqualTo("sent=" + events + " acked=" + acked.cardinality() + " found=" + found.cardinality()
                            + " lost=" + lost.cardinality() + " duplicates=" + duplicates + " phantom=0");
            assertThat(verdict.redelivered).isEqualTo(redelivered);
            assertThat(verdict.resent).isEqualTo(duplicates - redelivered);
            assertThat(verdict.records).isEqualTo(numbers.size() + duplicates);
            if (budget == PLENTY) {
                assertThat(verdict.passes).isEqualTo(2);
            } else {
                assertThat(verdict.passes).isGreaterThan(2);
            }
        }
    }

    @Test
    void theCommandSaysAllAndEndsWithOneOnLoss() throws IOException {
        run(RUN, acks, 10, 0, 10);
        object("a", new Delivery().events(RUN, 0, 10, 1).gzip());
        object(".b.tmp", new byte[] {1, 2, 3});
        StringWriter out = new StringWriter();
        assertThat(execute(out, "--acks", acks.toString(), directory.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("sent=10 acked=10 found=10 lost=0 duplicates=0 phantom=0")
                .contains("RESULT name=oracle sent=10");
        Files.delete(objects.resolve("a"));
        assertThat(execute(out, "--acks", acks.toString(), objects.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("lost=10");
        assertThat(execute(
                        out,
                        "--acks",
                        acks.toString(),
                        directory.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("there is no such file or directory");
        assertThat(execute(out, objects.toString())).isEqualTo(2);
    }

    @Test
    void readsTheObjectsOfABucket() throws Exception {
        run(RUN, acks, 300, 0, 300);
        try (MotoServer moto = new MotoServer(directory)) {
            moto.put("/delivered", new byte[0]);
            moto.put(
                    "/delivered/events/a.jsonl.gz",
                    new Delivery().events(RUN, 0, 100, 1).gzip());
            moto.put(
                    "/delivered/events/b.jsonl.zst",
                    new Delivery().events(RUN, 100, 200, 2).zstd());
            moto.put(
                    "/delivered/more/c", new Delivery().events(RUN, 200, 300, 3).ndjson());
            moto.put("/delivered/more/empty", new byte[0]);
            moto.put(
                    "/delivered/more/manifests",
                    new Delivery().line("{\"v\":1,\"inc\":\"019a\",\"log\":0}").gzip());
            String[] arguments = {
                "--acks",
                acks.toString(),
                "--s3",
                "s3://delivered/events",
                "--s3",
                "s3://delivered/more/",
                "--endpoint",
                moto.endpoint(),
                "--memory",
                "1MiB"
            };
            StringWriter out = new StringWriter();
            assertThat(execute(out, arguments)).as(out.toString()).isZero();
            assertThat(out.toString())
                    .contains("sent=300 acked=300 found=300 lost=0 duplicates=0 phantom=0")
                    .contains("foreign=0 damaged=0 objects=5 records=300 passes=1");

            byte[] cut = new Delivery().events(RUN, 0, 100, 1).gzip();
            moto.put("/delivered/events/a.jsonl.gz", Arrays.copyOf(cut, cut.length - 9));
            moto.delete("/delivered/events/b.jsonl.zst");
            assertThat(execute(out, arguments)).isEqualTo(1);
            assertThat(out.toString())
                    .contains("lost=100")
                    .contains("oracle: s3://delivered/events/a.jsonl.gz: damaged at or before byte");

            arguments[3] = "s3://nowhere";
            assertThat(execute(out, arguments)).isEqualTo(1);
            assertThat(out.toString()).contains("oracle: s3://nowhere/: NoSuchBucket");
            arguments[3] = "nowhere";
            assertThat(execute(out, arguments)).isEqualTo(2);
            assertThat(out.toString()).contains("'nowhere' is no place in S3, expected s3://BUCKET");
            assertThat(execute(out, "--acks", acks.toString())).isEqualTo(2);
            assertThat(out.toString()).contains("expected PATH or --s3");
        }
    }

    private static int execute(StringWriter out, String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(out));
        return line.execute(arguments);
    }

    private Verdict judge(long budget) throws IOException {
        return Oracle.judge(List.of(acks), List.of(new Directories(List.of(directory))), budget);
    }

    private void object(String name, byte[] bytes) throws IOException {
        Files.write(objects.resolve(name), bytes);
    }

    /** A run that sent so many events one by one, of which {@code [ackedFrom, ackedTo)} were acked. */
    private static void run(String name, Path path, int sent, int ackedFrom, int ackedTo) throws IOException {
        AckFile file = new AckFile(path, new AckHead(name, 1, 1));
        Ledger ledger = new Ledger(file);
        for (int i = 0; i < sent; i++) {
            Ledger.Range range = deal(ledger, 1);
            assertThat(range.first()).isEqualTo(i);
            if (i >= ackedFrom && i < ackedTo) {
                ledger.acked(range);
            } else {
                ledger.refused(range);
            }
        }
        ledger.close();
        file.end(ledger.sent());
    }

    private static Ledger.Range deal(Ledger ledger, int count) {
        Ledger.Range range = ledger.tryDeal(count);
        while (range == null) {
            Thread.onSpinWait();
            range = ledger.tryDeal(count);
        }
        return range;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
