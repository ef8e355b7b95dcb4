package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class RequestBodyTest {

    /** An allocator that has nothing left. */
    private static final class Exhausted extends AbstractByteBufAllocator {
        private final OutOfMemoryError failure;

        Exhausted(OutOfMemoryError failure) {
            super(true);
            this.failure = failure;
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw failure;
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw failure;
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private final BodyBudget budget = new BodyBudget(100);
    private final RequestBody body = new RequestBody(60, budget);

    @Test
    void whatIsHeldComesOutOfTheBudgetAndGoesBack() {
        assertThat(body.add(Unpooled.wrappedBuffer(new byte[10]), false, UnpooledByteBufAllocator.DEFAULT))
                .isTrue();
        assertThat(budget.tryTake(41)).isFalse();
        body.release();
        assertThat(budget.tryTake(100)).isTrue();
    }

    @Test
    void aBodyOfOneReadCostsNothingUnlessItMustWait() {
        ByteBuf piece = Unpooled.wrappedBuffer(new byte[60]);
        assertThat(budget.tryTake(50)).isTrue();
        assertThat(body.add(piece, true, UnpooledByteBufAllocator.DEFAULT)).isTrue();
        assertThat(body.hold()).isFalse();
        budget.give(50);
        assertThat(body.hold()).isTrue();
        assertThat(budget.tryTake(41)).isFalse();
        body.release();
        piece.release();
    }

    @Test
    void directMemoryThatHasRunOutRefusesTheBody() {
        OutOfMemoryError direct = new OutOfMemoryError("Cannot reserve 60 bytes of direct buffer memory");
        direct.setStackTrace(new StackTraceElement[] {new StackTraceElement("java.nio.Bits", "reserve", null, 1)});

        assertThat(body.add(Unpooled.wrappedBuffer(new byte[10]), false, new Exhausted(direct)))
                .isFalse();
        body.release();
        assertThat(budget.tryTake(100)).as("given back").isTrue();
    }

    @Test
    void aHeapThatHasRunOutIsNotTheBodysToMend() {
        OutOfMemoryError heap = new OutOfMemoryError("Java heap space");
        assertThatThrownBy(() -> body.add(Unpooled.wrappedBuffer(new byte[10]), false, new Exhausted(heap)))
                .isSameAs(heap);
        body.release();
    }
}
