package io.sluice.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.protocol.FramedRequest;
import java.util.ArrayList;
import java.util.List;
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

    /** As of a client that sends small requests while there is no credit: each could pin what was read with it. */
    @Test
    void bodiesThatWaitPinNoMoreThanComesOutOfTheBudget() {
        BodyBudget budget = new BodyBudget(100 * 50);
        List<RequestBody> bodies = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ByteBuf read = ByteBufAllocator.DEFAULT.buffer(64 * 1024);
            read.writeZero(500);
            RequestBody body = new RequestBody(60, budget);
            ByteBuf piece = read.retainedSlice(100, 50);
            assertThat(body.add(piece, true, ByteBufAllocator.DEFAULT)).isTrue();
            piece.release();
            read.release();
            assertThat(read.refCnt()).as("held by the body alone").isEqualTo(1);
            assertThat(body.hold()).isTrue();
            assertThat(read.refCnt()).isZero();
            bodies.add(body);
        }
        assertThat(budget.tryTake(1)).isFalse();
        bodies.forEach(RequestBody::release);
        assertThat(budget.tryTake(100 * 50)).isTrue();
    }

    @Test
    void aBodyThatIsMostOfWhatWasReadStaysThereAndPaysForAllOfIt() {
        ByteBuf read = ByteBufAllocator.DEFAULT.buffer(80, 80);
        read.writeZero(80);
        assertThat(body.add(read.slice(10, 60), true, ByteBufAllocator.DEFAULT)).isTrue();
        assertThat(body.hold()).isTrue();
        assertThat(read.refCnt()).isEqualTo(2);
        assertThat(budget.tryTake(21)).isFalse();
        assertThat(budget.tryTake(20)).isTrue();
        budget.give(20);
        body.release();
        read.release();
        assertThat(budget.tryTake(100)).as("given back").isTrue();
    }

    @Test
    void whatIsCopiedIsWhatWasSent() {
        ByteBuf read = Unpooled.copiedBuffer("GET beacon, and much more of other requests", US_ASCII);
        assertThat(body.add(read.slice(4, 6), true, ByteBufAllocator.DEFAULT)).isTrue();
        assertThat(body.hold()).isTrue();
        read.setZero(0, read.capacity());
        read.release();
        FramedRequest.Bytes bytes = new FramedRequest().body();
        body.copyTo(bytes);
        body.release();
        assertThat(new String(bytes.array(), 0, bytes.length(), US_ASCII)).isEqualTo("beacon");
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
