package io.sluice.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuUseTest {

    private static final long TICK = 10_000_000;

    @TempDir
    Path process;

    @Test
    void threadsAreToldApartByTheirNamesAndEndedOnesCountAsOthers() throws IOException {
        thread(101, "loop-1-1", 30, 12);
        thread(102, "loop-1-2", 20, 8);
        thread(103, "sluice-committe", 5, 7);
        thread(104, "G1 Main Marker", 2, 0);
        thread(105, "GC Thread#0", 3, 1);
        thread(106, "C2 CompilerThre", 9, 0);
        thread(107, "sluice-delivery", 4, 4);
        thread(108, "sluice-aws-io-2", 1, 2);
        thread(109, "admin-1", 1, 1);
        // Ten and five ticks more than the living threads have.
        Files.writeString(process.resolve("stat"), stat(100, "java", 85, 40));

        CpuUse use = CpuUse.of(process);

        assertThat(use.process()).isEqualTo(new CpuTime(85 * TICK, 40 * TICK));
        assertThat(use.of(Role.LOOPS)).isEqualTo(new CpuTime(50 * TICK, 20 * TICK));
        assertThat(use.of(Role.COMMITTER)).isEqualTo(new CpuTime(5 * TICK, 7 * TICK));
        assertThat(use.of(Role.GC)).isEqualTo(new CpuTime(5 * TICK, TICK));
        assertThat(use.of(Role.JIT)).isEqualTo(new CpuTime(9 * TICK, 0));
        assertThat(use.of(Role.DELIVERY)).isEqualTo(new CpuTime(4 * TICK, 4 * TICK));
        assertThat(use.of(Role.SDK)).isEqualTo(new CpuTime(TICK, 2 * TICK));
        assertThat(use.of(Role.OTHER)).isEqualTo(new CpuTime(11 * TICK, 6 * TICK));
    }

    @Test
    void theRolesOfAWindowAddUpToTheProcess() throws IOException {
        thread(101, "loop-1-1", 10, 10);
        thread(102, "C2 CompilerThre", 50, 1);
        Files.writeString(process.resolve("stat"), stat(100, "java", 60, 11));
        CpuUse before = CpuUse.of(process);
        thread(101, "loop-1-1", 40, 25);
        thread(103, "loop-1-2", 7, 3);
        Files.delete(process.resolve("task/102/stat"));
        Files.writeString(process.resolve("stat"), stat(100, "java", 104, 39));

        CpuUse used = CpuUse.of(process).since(before);

        assertThat(used.of(Role.LOOPS)).isEqualTo(new CpuTime(37 * TICK, 18 * TICK));
        assertThat(used.of(Role.JIT)).isEqualTo(CpuTime.NONE);
        CpuTime sum = CpuTime.NONE;
        for (Role role : Role.values()) {
            sum = sum.plus(used.of(role));
        }
        assertThat(sum).isEqualTo(used.process()).isEqualTo(new CpuTime(44 * TICK, 28 * TICK));
    }

    @Test
    void aNameMayHoldSpacesAndParentheses() {
        String stat = stat(7, "a) R (b", 3, 4);
        assertThat(CpuUse.name(stat)).isEqualTo("a) R (b");
        assertThat(CpuUse.time(stat)).isEqualTo(new CpuTime(3 * TICK, 4 * TICK));
    }

    @Test
    void whatIsNoLineOfStatIsRefused() {
        assertThatThrownBy(() -> CpuUse.time("7 (java) R 1 2"))
                .hasMessageContaining("expected a line of /proc/PID/stat");
        assertThatThrownBy(() -> CpuUse.name("7 java R")).hasMessageContaining("expected a line of /proc/PID/stat");
    }

    @Test
    void timeOfTheMachineIsBusyIdleOrStolen() {
        String stat = """
                cpu  100 2 30 500 40 5 6 7 90 0
                cpu0 1 1 1 1 1 1 1 1 0 0
                """;
        assertThat(MachineUse.parse(stat)).isEqualTo(new MachineUse(143 * TICK, 540 * TICK, 7 * TICK));
        assertThat(MachineUse.parse(stat).stolenShare()).isEqualTo(7 / 690d);
        assertThat(new MachineUse(0, 0, 0).stolenShare()).isZero();
        assertThatThrownBy(() -> MachineUse.parse("")).hasMessageContaining("expected /proc/stat");
    }

    private void thread(int id, String name, int user, int kernel) throws IOException {
        Path task = Files.createDirectories(process.resolve("task/" + id));
        Files.writeString(task.resolve("stat"), stat(id, name, user, kernel));
    }

    private static String stat(int id, String name, int user, int kernel) {
        return id + " (" + name + ") S 1 1 1 0 -1 4194304 102 0 0 0 " + user + " " + kernel + " 0 0 20 0 1 0 1 2 3\n";
    }
}
