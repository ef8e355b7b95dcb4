package io.sluice.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Position;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReplyTest {

    private static final UUID INCARNATION = new UUID(5, 6);

    private final Reply reply = new Reply(done -> {});

    @Test
    void keepsTheLastPositionOfEachBlock() {
        reply.begin(200);
        reply.append("pos=".getBytes(StandardCharsets.US_ASCII));
        reply.position(INCARNATION, 1, 7, 3);
        reply.position(INCARNATION, 1, 7, 9);
        reply.position(INCARNATION, 1, 8, 0);
        assertThat(text())
                .isEqualTo("pos=" + new Position(INCARNATION, 1, 7, 9) + "," + new Position(INCARNATION, 1, 8, 0));
    }

    @Test
    void beginsAnew() {
        reply.begin(200);
        reply.expectPositions();
        reply.position(INCARNATION, 0, 1, 1);
        reply.begin(503);
        reply.position(INCARNATION, 0, 1, 2);
        assertThat(reply.expectsPositions()).isFalse();
        assertThat(text()).isEqualTo(new Position(INCARNATION, 0, 1, 2).toString());
    }

    private String text() {
        return new String(reply.body(), 0, reply.bodyLength(), StandardCharsets.US_ASCII);
    }
}
