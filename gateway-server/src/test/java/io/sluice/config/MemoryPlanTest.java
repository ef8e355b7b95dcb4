package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryPlanTest {

    private static final Machine MACHINE = new Machine(2, 8L << 30, 2L << 30, 2L << 30, 1 << 20);

    @Test
    void theSumIsOfWhatItNames() throws Exception {
        MemoryPlan plan = MemoryPlan.of(new ConfigLoader().load(MACHINE), MACHINE);

        assertThat(plan.total())
                .isEqualTo(plan.heap()
                        + plan.arenas()
                        + plan.encoders()
                        + plan.commit()
                        + plan.delivery()
                        + plan.network());
        assertThat(plan)
                .asString()
                .endsWith(" + network " + (plan.network() >> 20))
                .contains(" MiB = heap 2048 + ");
    }

    /** The figures of docs/LIMITS.md: 20,000 take 59 MiB of heap, over TLS 90 MiB, and 469 MiB of the process. */
    @Test
    void connectionsTakeWhatWasMeasuredOfThem() throws Exception {
        MemoryPlan plain = plan(false);
        assertThat(plain.ofHeap()).isEqualTo("bulk worker 32 MiB + 20000 connections 59 MiB");
        assertThat(plain.beside()).isEqualTo("20000 connections 108 MiB");

        MemoryPlan tls = plan(true);
        assertThat(tls.ofHeap()).isEqualTo("bulk worker 32 MiB + 20000 connections 90 MiB");
        assertThat(tls.beside()).isEqualTo("20000 connections 469 MiB, if all come over TLS");
        assertThat(tls.total()).isEqualTo(plain.total());
    }

    @Test
    void theLargestNumberOfConnectionsIsCounted() throws Exception {
        SluiceConfig config = new ConfigLoader()
                .option("test", "http.max-connections", 1_000_000)
                .load(new Machine(2, 8L << 30, 2L << 30, 2L << 30, 1 << 21));

        assertThat(MemoryPlan.of(config, MACHINE).beside()).isEqualTo("1000000 connections 5372 MiB");
    }

    private static MemoryPlan plan(boolean tls) throws InvalidConfig {
        ConfigLoader loader = new ConfigLoader().option("test", "http.max-connections", 20_000);
        if (tls) {
            loader.option("test", "http.tls.port", 8443)
                    .option("test", "http.tls.certificate", "c")
                    .option("test", "http.tls.key", "k");
        }
        return MemoryPlan.of(loader.load(MACHINE), MACHINE);
    }
}
