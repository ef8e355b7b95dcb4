package io.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Delivered;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class PutBodyTest {

    private final PutBody.Pool pool = new PutBody.Pool(3 << 20, 2);

    @Test
    void recordsOfAllLengthsStandInItAsBase64() {
        for (long seed = 1; seed <= 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<byte[]> records = new ArrayList<>();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                byte[] record = new byte[random.nextInt(random.nextBoolean() ? 20 : 200_000)];
                random.nextBytes(record);
                records.add(record);
            }
            PutBody body = body(records);
            byte[] json = read(body, 1 + random.nextInt(3));

            assertThat((long) json.length).as("seed %s", seed).isEqualTo(body.length());
            assertThat(Signature.hex(Signature.sha256().digest(json))).isEqualTo(body.sha256());
            Map<String, Object> request = Delivered.parse(new String(json, StandardCharsets.US_ASCII));
            assertThat(request).containsOnlyKeys("DeliveryStreamName", "Records");
            assertThat(request).containsEntry("DeliveryStreamName", "events");
            List<?> found = (List<?>) request.get("Records");
            assertThat(found).hasSameSizeAs(records);
            for (int i = 0; i < records.size(); i++) {
                assertThat(found.get(i))
                        .as("seed %s, record %s", seed, i)
                        .isEqualTo(Map.of("Data", Base64.getEncoder().encodeToString(records.get(i))));
            }
            // Chunks that held another body before are as good as new ones.
            body.recycle(true);
        }
    }

    @Test
    void itCanBeReadAgainAndLeavesRecordsAsTheyAre() {
        ByteBuffer record = ByteBuffer.allocateDirect(100_000).position(7).limit(90_000);
        PutBody body = new PutBody(pool, "events", List.of(record.asReadOnlyBuffer()));
        assertThat(read(body, Long.MAX_VALUE)).isEqualTo(read(body, 1));
        assertThat(record.position()).isEqualTo(7);
        assertThat(record.limit()).isEqualTo(90_000);
    }

    @Test
    void chunksAreUsedAgainOnlyWhenTheyWereGivenBack() {
        byte[] record = new byte[500_000];
        PutBody first = body(List.of(record));
        byte[] before = read(first, Long.MAX_VALUE);
        PutBody second = body(List.of(new byte[] {1, 2, 3}));
        assertThat(pool.size()).isZero();
        assertThat(read(first, Long.MAX_VALUE)).isEqualTo(before);

        // Not read to its end: the rest may still be on its way.
        second.subscribe(new Reader(0) {
            @Override
            public void onError(Throwable error) {}
        });
        second.recycle(true);
        assertThat(pool.size()).isZero();
        read(second, Long.MAX_VALUE);
        // Not answered: somebody may still go on with it.
        second.recycle(false);
        assertThat(pool.size()).isZero();
        second.recycle(true);
        first.recycle(true);
        int chunks = (before.length + PutBody.CHUNK_BYTES - 1) / PutBody.CHUNK_BYTES;
        assertThat(pool.size()).isEqualTo(chunks + 1);
        body(List.of(record));
        assertThat(pool.size()).isEqualTo(1);
    }

    @Test
    void whatNobodyBeganToReadIsUsedAgainAndNobodyCanBeginThen() {
        PutBody body = body(List.of(new byte[500_000]));
        body.recycle(false);
        body.recycle(false);
        assertThat(pool.size()).isEqualTo(3);
        List<Throwable> errors = new ArrayList<>();
        Reader late = new Reader(1) {
            @Override
            public void onError(Throwable error) {
                errors.add(error);
            }
        };
        body.subscribe(late);
        assertThat(late.bytes.size()).isZero();
        assertThat(errors).hasSize(1);
    }

    @Test
    void chunksOfOneWhoCancelsWithTheLastAreUsedAgain() {
        PutBody body = body(List.of(new byte[500_000]));
        Reader reader = new Reader(1) {
            @Override
            public void onNext(ByteBuffer chunk) {
                super.onNext(chunk);
                if (bytes.size() == body.length()) {
                    // NettyRequestExecutor of the SDK does so, instead of waiting for the end.
                    subscription.cancel();
                }
            }
        };
        body.subscribe(reader);
        assertThat(reader.complete).isFalse();
        body.recycle(true);
        assertThat(pool.size()).isEqualTo(3);
    }

    @Test
    void aNameThatIsNoneIsNotTakenForJson() {
        PutBody body = new PutBody(pool, "a\",\"Records\":[\u00e4", List.of());
        assertThat(new String(read(body, 1), StandardCharsets.US_ASCII))
                .isEqualTo("{\"DeliveryStreamName\":\"a???Records????\",\"Records\":[]}");
    }

    @Test
    void whoAsksForNothingIsToldSo() {
        List<Throwable> errors = new ArrayList<>();
        body(List.of()).subscribe(new Reader(0) {
            @Override
            public void onError(Throwable error) {
                errors.add(error);
            }
        });
        assertThat(errors).hasSize(1).first().isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoCancelsGetsNoMore() {
        Reader reader = new Reader(1) {
            @Override
            public void onNext(ByteBuffer chunk) {
                subscription.cancel();
                super.onNext(chunk);
            }
        };
        body(List.of(new byte[500_000])).subscribe(reader);
        assertThat(reader.bytes.size()).isEqualTo(PutBody.CHUNK_BYTES);
        assertThat(reader.complete).isFalse();
    }

    @Test
    void whoCancelsWithTheLastChunkHasReadAll() {
        Reader reader = new Reader(Long.MAX_VALUE) {
            private int chunks;

            @Override
            public void onNext(ByteBuffer chunk) {
                chunks++;
                if (chunks == 3) {
                    subscription.cancel();
                }
                super.onNext(chunk);
            }
        };
        PutBody body = body(List.of(new byte[500_000]));
        body.subscribe(reader);
        assertThat((long) reader.bytes.size()).isEqualTo(body.length());
        body.recycle(true);
        assertThat(pool.size()).isEqualTo(3);
    }

    private PutBody body(List<byte[]> records) {
        return new PutBody(
                pool, "events", records.stream().map(ByteBuffer::wrap).toList());
    }

    private static byte[] read(PutBody body, long atATime) {
        Reader reader = new Reader(atATime);
        body.subscribe(reader);
        assertThat(reader.complete).isTrue();
        return reader.bytes.toByteArray();
    }

    private static class Reader implements Subscriber<ByteBuffer> {

        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long atATime;
        private long open;
        Subscription subscription;
        boolean complete;

        Reader(long atATime) {
            this.atATime = atATime;
        }

        @Override
        public void onSubscribe(Subscription to) {
            subscription = to;
            open = atATime;
            to.request(atATime);
        }

        @Override
        public void onNext(ByteBuffer chunk) {
            assertThat(open).as("asked for").isPositive();
            open--;
            bytes.writeBytes(Arrays.copyOfRange(chunk.array(), chunk.position(), chunk.limit()));
            if (open == 0) {
                open = atATime;
                subscription.request(atATime);
            }
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {
            complete = true;
        }
    }
}
