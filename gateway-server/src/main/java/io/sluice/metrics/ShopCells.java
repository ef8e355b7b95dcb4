package io.sluice.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one writing thread counts by shop and {@link Rule}: a row of cells for each shop that has something to count.
 *
 * <p>One thread writes, any thread reads. The first count of a shop allocates its row, the others nothing. Rows are as
 * many as shops at most, since only the configuration names these, and stay when a shop is taken out of it.
 */
public final class ShopCells {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final int rules;
    private final Map<String, long[]> rows = new ConcurrentHashMap<>();

    ShopCells(int rules) {
        this.rules = rules;
    }

    /** Adds to the cells of a shop, one amount for each rule. */
    public void add(String shop, int[] amounts) {
        long[] row = rows.get(shop);
        if (row == null) {
            row = new long[rules];
            rows.put(shop, row);
        }
        for (int i = 0; i < rules; i++) {
            if (amounts[i] != 0) {
                CELL.setRelease(row, i, row[i] + amounts[i]);
            }
        }
    }

    /** Adds every row to that of the same shop. */
    void addTo(Map<String, long[]> totals) {
        rows.forEach((shop, row) -> {
            long[] total = totals.computeIfAbsent(shop, s -> new long[rules]);
            for (int i = 0; i < rules; i++) {
                total[i] += (long) CELL.getOpaque(row, i);
            }
        });
    }
}
