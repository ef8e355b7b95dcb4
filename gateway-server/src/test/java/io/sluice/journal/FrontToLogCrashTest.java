package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.beacon.Decoder;
import io.sluice.intake.Intake;
import io.sluice.intake.TestIntakes;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Protocol;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Reply;
import io.sluice.storage.SimStorage;
import io.sluice.testing.CleanLog;
import io.sluice.testing.ManualLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * From a request to the recovered block: real intake, ring and committer, on a disk whose power fails at every call.
 */
class FrontToLogCrashTest {

    private static final int ROUNDS = 12;
    private static final Pattern ID = Pattern.compile("\\{\"id\":\"([^\"]+)\"");

    private static final JournalConfig CONFIG = new JournalConfig(
            TestJournal.ROOT,
            2 << 20,
            16L << 20,
            JournalConfig.Direct.AUTO,
            JournalConfig.Ack.SYNCED,
            Duration.ofMillis(100),
            1 << 20,
            1 << 20,
            null,
            JournalKeys.NONE,
            Duration.ofHours(26),
            false);

    private final Set<String> sent = new HashSet<>();
    private final Set<String> acked = new HashSet<>();
    private final List<Throwable> fatal = new ArrayList<>();
    private int crashPoints;
    private boolean checking;

    @Test
    void ofTenStagedRequestsTheThirdThrowsAndPowerFailsAtAnyCallAfterwards(CleanLog.Expected log) throws IOException {
        log.line("simulated failure of");
        SimStorage disk = new SimStorage(7);
        TestJournal own = new TestJournal(disk, CONFIG, 1, 0);
        CommitRing ring = new CommitRing(1, 8, 8 << 20);
        Committer committer = own.journal.committer(0, ring);
        own.prepare();
        int[] decoded = {0};
        ManualLoop loop = new ManualLoop();
        Intake intake = TestIntakes.create(
                own.clock,
                loop,
                ring.producer(0),
                own.journal.incarnation(),
                TestJournal.GROUPS,
                own.metrics,
                decoders -> {
                    Decoder real = decoders.of(Protocol.EVENTS);
                    return protocol -> (request, sink, outcome) -> {
                        real.decode(request, sink, outcome);
                        if (++decoded[0] % 10 == 3) {
                            throw new IllegalStateException("the third");
                        }
                    };
                },
                fatal::add);
        disk.beforeCall(() -> crash(disk));
        for (int round = 0; round < ROUNDS; round++) {
            boolean fails = round % 4 == 3;
            int failAfter = round / 4;
            int[] calls = {0};
            disk.failIf((call, path) -> fails
                    && (call == SimStorage.Call.WRITE || call == SimStorage.Call.SYNC)
                    && path.toString().endsWith(".slj")
                    && calls[0]++ == failAfter);
            for (int i = 0; i < 10; i++) {
                offer(intake, "r" + round + "-" + i, i == 2);
            }
            own.clock.advanceMillis(1);
            loop.iterate();
            while (committer.step()) {}
            loop.iterate();
            own.prepare();
        }
        disk.failIf((call, path) -> false);
        crash(disk);
        System.out.println("front to log: crashPoints=" + crashPoints + " acked=" + acked.size());
        assertThat(fatal).isEmpty();
        // A round whose write or sync failed is refused whole, and what throws in decode is never staged.
        assertThat(acked).hasSizeGreaterThanOrEqualTo((ROUNDS - 3) * 9 * 2).noneMatch(id -> id.contains("-2."));
        assertThat(crashPoints).isGreaterThan(ROUNDS);
    }

    private void offer(Intake intake, String name, boolean throwsInDecode) {
        List<String> ids = List.of(name + ".a", name + ".b");
        Reply reply = new Reply(answer -> {
            if (answer.status() == 200) {
                acked.addAll(ids);
            }
        });
        FramedRequest request = new FramedRequest();
        request.begin(Protocol.EVENTS, 1_763_855_999_123L);
        request.query().set("k=demo");
        request.body()
                .set("[{\"id\":\"" + ids.get(0) + "\",\"event\":\"e\"},{},{\"id\":\"" + ids.get(1)
                        + "\",\"event\":\"e\"}]");
        if (!throwsInDecode) {
            sent.addAll(ids);
        }
        try {
            assertThat(intake.offer(request, reply)).isEqualTo(Intake.Admission.STAGED);
            assertThat(throwsInDecode).isFalse();
        } catch (IllegalStateException e) {
            assertThat(throwsInDecode).isTrue();
        }
    }

    /** What the next start finds, if the power fails now. */
    private void crash(SimStorage disk) {
        if (checking) {
            return;
        }
        checking = true;
        crashPoints++;
        try {
            TestJournal next = new TestJournal(disk.crash(crashPoints), CONFIG, 2, 0);
            Set<String> found = new HashSet<>();
            for (SealedBlock block : next.pollAll()) {
                for (String line : TestJournal.lines(block)) {
                    Matcher id = ID.matcher(line);
                    if (id.find()) {
                        found.add(id.group(1));
                    }
                }
            }
            assertThat(found).as("crash point %d", crashPoints).containsAll(acked);
            assertThat(sent).as("crash point %d", crashPoints).containsAll(found);
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            checking = false;
        }
    }
}
