package io.sluice.privacy;

import io.sluice.common.Decimal;
import io.sluice.json.JsonWriter;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Rule;
import io.sluice.metrics.ShopCells;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How many pieces of each kind were found, and what was done with them; never the pieces themselves.
 *
 * <p>Confined to its sink. To look whether there are any, and to forget that there are none, costs a comparison.
 */
final class Findings {

    private static final Kind[] KINDS = Kind.values();

    /** All but {@link Action#KEEP}, which is the last and leaves no trace. */
    private static final int ACTIONS = Action.KEEP.ordinal();

    /** A kind with an action. Those of a kind follow each other. */
    private static final int RULES = KINDS.length * ACTIONS;

    /** {@code "email-remove":} of each rule. */
    private static final byte[][] NAMES = new byte[RULES][];

    /** What is counted by shop, in the order of the counts. */
    static final List<Rule> COUNTED;

    private static final int LONGEST;

    static {
        assert RULES <= Long.SIZE : "a bit for each rule";
        List<Rule> counted = new ArrayList<>();
        int longest = 0;
        for (Kind kind : KINDS) {
            for (int i = 0; i < ACTIONS; i++) {
                String action = Action.values()[i].key();
                String name = "\"" + kind.key() + "-" + action + "\":";
                NAMES[counted.size()] = name.getBytes(StandardCharsets.US_ASCII);
                longest += 1 + name.length() + Decimal.MAX_LENGTH;
                counted.add(new Rule(kind.key(), action));
            }
        }
        COUNTED = List.copyOf(counted);
        LONGEST = longest;
    }

    private final int[] counts = new int[RULES];
    /** A bit for each count that is not 0. */
    private long present;

    void add(Kind kind, Action action) {
        int rule = kind.ordinal() * ACTIONS + action.ordinal();
        counts[rule]++;
        present |= 1L << rule;
    }

    void addAll(Findings others) {
        for (long rest = others.present; rest != 0; rest &= rest - 1) {
            int rule = Long.numberOfTrailingZeros(rest);
            counts[rule] += others.counts[rule];
        }
        present |= others.present;
    }

    boolean isEmpty() {
        return present == 0;
    }

    void clear() {
        for (long rest = present; rest != 0; rest &= rest - 1) {
            counts[Long.numberOfTrailingZeros(rest)] = 0;
        }
        present = 0;
    }

    int count(Kind kind) {
        int count = 0;
        for (int i = 0; i < ACTIONS; i++) {
            count += counts[kind.ordinal() * ACTIONS + i];
        }
        return count;
    }

    /** Most bytes that {@link #write} writes. */
    static int bound() {
        return LONGEST + 2 + JsonWriter.SLACK;
    }

    /** Writes <code>{"email-remove":1,"ip-truncate":2}</code>. There is at least one. */
    int write(byte[] dst, int at) {
        int begin = at;
        for (long rest = present; rest != 0; rest &= rest - 1) {
            int rule = Long.numberOfTrailingZeros(rest);
            dst[at++] = ',';
            byte[] name = NAMES[rule];
            System.arraycopy(name, 0, dst, at, name.length);
            at = Decimal.write(counts[rule], dst, at + name.length);
        }
        dst[begin] = '{';
        dst[at] = '}';
        return at + 1;
    }

    /** Adds all to the counters by kind, and to those of the shop. */
    void count(Cells cells, ShopCells shops, String shop) {
        for (Kind kind : KINDS) {
            int count = count(kind);
            if (count != 0) {
                cells.add(kind.counter(), count);
            }
        }
        shops.add(shop, counts);
    }
}
