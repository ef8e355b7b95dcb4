package io.sluice.lab;

import java.util.List;

/** What must add up at every moment: each whole is the sum of its parts. */
enum Law {
    CALLS(
            Count.CALLS,
            Count.CALLS_OK,
            Count.CALLS_FAILED,
            Count.CALLS_RESET,
            Count.CALLS_SILENT,
            Count.CALLS_ABANDONED,
            Count.CALLS_IN_FLIGHT),
    RECORDS(Count.RECORDS, Count.STORED, Count.REFUSED),
    ANSWERS(Count.STORED, Count.STORED_OK, Count.STORED_FAILED, Count.STORED_SILENT, Count.STORED_IN_FLIGHT),
    DELIVERY(Count.STORED, Count.BUFFERED, Count.DELIVERED, Count.LOST),
    DELIVERED_BYTES(Count.STORED_BYTES, Count.BUFFERED_BYTES, Count.DELIVERED_BYTES, Count.LOST_BYTES);

    private final Count whole;
    private final List<Count> parts;

    Law(Count whole, Count... parts) {
        this.whole = whole;
        this.parts = List.of(parts);
    }

    boolean holds(Counters counters) {
        long sum = 0;
        for (Count part : parts) {
            sum += counters.get(part);
        }
        return sum == counters.get(whole);
    }

    /** Such as {@code recordsReceived = recordsStored + recordsRefused}. */
    String text() {
        StringBuilder text = new StringBuilder(whole.label());
        for (int i = 0; i < parts.size(); i++) {
            text.append(i == 0 ? " = " : " + ").append(parts.get(i).label());
        }
        return text.toString();
    }
}
