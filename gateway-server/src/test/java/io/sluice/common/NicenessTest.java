package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NicenessTest {

    @Test
    void countsForTheThreadAndThoseThatItStartsAndForNoOther() throws Exception {
        int before = niceness();
        int[] inner = new int[2];
        Thread thread = Thread.ofPlatform().start(() -> {
            Niceness.add(3);
            inner[0] = niceness();
            inner[1] = ofANewThread();
        });
        thread.join();
        int expected = Math.min(Niceness.MOST, before + 3);
        assertThat(inner).containsExactly(expected, expected);
        assertThat(niceness()).isEqualTo(before);
        assertThat(ofANewThread()).isEqualTo(before);
    }

    @Test
    void nothingChangesAtZero() throws Exception {
        int before = niceness();
        Niceness.add(0);
        assertThat(niceness()).isEqualTo(before);
    }

    private static int ofANewThread() {
        FutureTask<Integer> task = new FutureTask<>(NicenessTest::niceness);
        Thread.ofPlatform().start(task);
        try {
            return task.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The 19th field of the thread's stat, the 17th behind its name (proc_pid_stat(5)). */
    private static int niceness() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
