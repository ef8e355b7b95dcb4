package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.beacon.Decoders;
import io.sluice.record.BlockEncoder;
import io.sluice.record.BlockEncoders;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.ring.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RulesTest {

    @Test
    void theHeadOfAFrameIsTheRings() {
        assertThat(Rules.FRAME_BYTES).isEqualTo(Frame.HEADER_BYTES + Frame.TAG_BYTES);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void theLargestTicketHoldsWhatTheEncoderMayWriteAndAFullSummaryForEachGroup(Encoding encoding) throws Exception {
        List<StreamGroup> groups = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            groups.add(new StreamGroup(i, "g" + i, encoding, 1, "s" + i, "g" + i + "/"));
        }
        SluiceConfig config = new ConfigLoader().load(new Machine(2, 8L << 30, 2L << 30, 2L << 30, 1 << 20));
        int lines = config.intake().flushBytes()
                + Decoders.stagedBound(
                        config.http().maxBodyBytes() + config.http().maxLineBytes());
        try (BlockEncoder encoder = BlockEncoders.create(groups.getFirst())) {
            assertThat(BlockEncoders.bound(encoding, lines)).isEqualTo(encoder.bound(lines));
            assertThat(Rules.largestTicket(config.http(), config.intake(), groups))
                    .isGreaterThan(encoder.bound(lines) + 64 * (64L * 1024 + Frame.HEADER_BYTES));
        }
    }
}
