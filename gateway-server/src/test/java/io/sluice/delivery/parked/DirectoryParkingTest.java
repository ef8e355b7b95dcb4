package io.sluice.delivery.parked;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.delivery.Blocks;
import io.sluice.delivery.local.FaultyStorage;
import io.sluice.journal.SealedBlock;
import io.sluice.record.Encoding;
import io.sluice.storage.DiskStorage;
import io.sluice.testing.Delivered;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryParkingTest {

    @TempDir
    private Path directory;

    private final SealedBlock block =
            Blocks.of("events", Encoding.GZIP, 17, "{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));

    @Test
    void aParkedBlockIsAFileThatSaysWhereItIsFromAndWhyAndCanBeRead() {
        List<String> problems = new ArrayList<>();
        park(new DirectoryParking(new DiskStorage(), directory.resolve("parked")), problems);

        assertThat(problems).containsOnlyNulls().hasSize(1);
        assertThat(Delivered.objects(directory.resolve("parked")))
                .containsExactly(directory.resolve(
                        "parked/events/1970/01/01/sluice-" + Blocks.INCARNATION + "-0-17-invalid-argument.jsonl.gz"));
        assertThat(Delivered.lines(directory.resolve("parked"))).containsExactly("{\"a\":1}");
    }

    @Test
    void whatFailsIsSaidAndTheNextAttemptReplacesIt() throws Exception {
        for (int seed = 0; seed < 50; seed++) {
            Path root = directory.resolve("parked-" + seed);
            FaultyStorage storage = new FaultyStorage();
            storage.failAtRandom(new Random(seed), 0.2);
            DirectoryParking parking = new DirectoryParking(storage, root);
            List<String> problems = new ArrayList<>();
            do {
                park(parking, problems);
            } while (problems.getLast() != null);

            assertThat(Delivered.lines(root)).as("seed %d", seed).containsExactly("{\"a\":1}");
            assertThat(Files.isDirectory(root)).isTrue();
        }
    }

    private void park(DirectoryParking parking, List<String> problems) {
        byte[] data = new byte[block.bytes().remaining()];
        block.bytes().duplicate().get(data);
        parking.park(block, data, "invalid-argument", problems::add);
    }
}
