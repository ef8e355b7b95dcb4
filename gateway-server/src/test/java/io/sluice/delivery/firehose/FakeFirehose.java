package io.sluice.delivery.firehose;

import io.sluice.aws.CallProblem;
import io.sluice.aws.DescribeResult;
import io.sluice.aws.FirehoseApi;
import io.sluice.aws.PutResult;
import io.sluice.aws.RecordResult;
import io.sluice.aws.StreamDescription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** A Firehose that ends calls when the test says so, as the test says. */
public final class FakeFirehose implements FirehoseApi {

    /** One call that was made. */
    public static final class Call {
        public final String stream;
        public final List<byte[]> records;
        private final Consumer<PutResult> ended;
        private static final AtomicLong ids = new AtomicLong();

        private Call(String stream, List<byte[]> records, Consumer<PutResult> ended) {
            this.stream = stream;
            this.records = List.copyOf(records);
            this.ended = ended;
        }

        public int bytes() {
            return records.stream().mapToInt(r -> r.length).sum();
        }

        public void taken() {
            ended.accept(allTaken());
        }

        /** Each under an id of its own. */
        public PutResult allTaken() {
            List<RecordResult> results = new ArrayList<>();
            for (int i = 0; i < records.size(); i++) {
                results.add(new RecordResult.Taken(stream + "-" + ids.incrementAndGet()));
            }
            return new PutResult.Answered(results);
        }

        void answer(RecordResult... results) {
            ended.accept(new PutResult.Answered(List.of(results)));
        }

        void fail(CallProblem problem) {
            ended.accept(new PutResult.Failed(problem, problem.name()));
        }
    }

    static final StreamDescription GOOD = new StreamDescription("ACTIVE", true, "UNCOMPRESSED", "", false, false);

    public final List<Call> calls = new ArrayList<>();
    final List<String> described = new ArrayList<>();
    public final Map<String, DescribeResult> descriptions = new HashMap<>();
    boolean closed;

    /** Ends calls at once, unless it gives {@code null}. */
    public Function<Call, PutResult> script = call -> null;

    @Override
    public void put(String stream, List<ByteBuffer> records, Consumer<PutResult> ended) {
        Call call = new Call(stream, records.stream().map(FakeFirehose::bytes).toList(), ended);
        calls.add(call);
        PutResult result = script.apply(call);
        if (result != null) {
            ended.accept(result);
        }
    }

    private static byte[] bytes(ByteBuffer record) {
        byte[] bytes = new byte[record.remaining()];
        record.get(record.position(), bytes);
        return bytes;
    }

    @Override
    public void describe(String stream, Consumer<DescribeResult> ended) {
        described.add(stream);
        ended.accept(descriptions.getOrDefault(stream, new DescribeResult.Found(GOOD)));
    }

    /** The calls since the last time, oldest first. */
    List<Call> made() {
        List<Call> made = List.copyOf(calls);
        calls.clear();
        return made;
    }

    Call one() {
        List<Call> made = made();
        if (made.size() != 1) {
            throw new AssertionError(made.size() + " calls, expected 1");
        }
        return made.getFirst();
    }

    @Override
    public void close() {
        closed = true;
    }
}
