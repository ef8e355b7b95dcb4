package io.sluice.load.acks;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The id of a numbered event: {@code e-RRRRRRRR-NNNNNNNNNNNN}, the run and the number in it.
 *
 * <p>The run makes ids of one run differ from those of any other; the number is decimal, of fixed width, so that it can
 * be written in place. Stateless; any thread; allocates nothing but where said.
 */
public final class EventId {

    public static final int RUN_LENGTH = 8;
    public static final int DIGITS = 12;

    /** Offset of the run in an id. */
    public static final int RUN_AT = 2;

    /** Offset of the number in an id. */
    public static final int NUMBER_AT = RUN_AT + RUN_LENGTH + 1;

    public static final int LENGTH = NUMBER_AT + DIGITS;

    /** Numbers are below this. */
    public static final long END = 1_000_000_000_000L;

    private static final Pattern RUN = Pattern.compile("[0-9a-z]{" + RUN_LENGTH + "}");

    /** No digits, with which an id may look like somebody's number and be removed, nor those that hexadecimal has. */
    private static final String RUN_LETTERS = "ghijklmnopqrstuvwxyz";

    /** The four digits of every number below 10,000, as a little-endian int. */
    private static final int[] FOUR_DIGITS = new int[10_000];

    static {
        for (int i = 0; i < FOUR_DIGITS.length; i++) {
            FOUR_DIGITS[i] = '0' + i / 1000 | '0' + i / 100 % 10 << 8 | '0' + i / 10 % 10 << 16 | '0' + i % 10 << 24;
        }
    }

    private EventId() {}

    /** Whether the text can name a run: {@value #RUN_LENGTH} of {@code 0-9 a-z}. */
    public static boolean isRun(String text) {
        return RUN.matcher(text).matches();
    }

    /** The run that the upper bits of {@code random} name. */
    public static String run(long random) {
        char[] run = new char[RUN_LENGTH];
        for (int i = 0; i < RUN_LENGTH; i++) {
            run[i] = RUN_LETTERS.charAt((int) Long.remainderUnsigned(random, RUN_LETTERS.length()));
            random = Long.divideUnsigned(random, RUN_LETTERS.length());
        }
        return new String(run);
    }

    /** The text of an id. Allocates. */
    public static String text(String run, long number) {
        String digits = Long.toString(number);
        return "e-" + run + '-' + "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** Writes the {@value #DIGITS} digits of the number at {@code at}. */
    public static void writeNumber(ByteBuf dst, int at, long number) {
        assert number >= 0 && number < END;
        long upper = number / 10_000;
        dst.setIntLE(at, FOUR_DIGITS[(int) (upper / 10_000)]);
        dst.setIntLE(at + 4, FOUR_DIGITS[(int) (upper % 10_000)]);
        dst.setIntLE(at + 8, FOUR_DIGITS[(int) (number % 10_000)]);
    }

    /** Writes the 13 digits of a time in epoch milliseconds at {@code at}. */
    public static void writeMillis(ByteBuf dst, int at, long millis) {
        assert millis >= 1_000_000_000_000L && millis < 10 * END;
        dst.setByte(at, (int) ('0' + millis / END));
        writeNumber(dst, at + 1, millis % END);
    }

    /** Whether an id of some run begins at {@code at}; at least {@value #LENGTH} bytes must be there. */
    public static boolean is(byte[] bytes, int at) {
        return bytes[at] == 'e' && bytes[at + 1] == '-' && bytes[at + NUMBER_AT - 1] == '-';
    }

    /** The run of the id at {@code at}, as a number to compare with {@link #runKey(String)}. */
    public static long runKey(byte[] bytes, int at) {
        long key = 0;
        for (int i = 0; i < RUN_LENGTH; i++) {
            key = key << 8 | bytes[at + RUN_AT + i] & 0xff;
        }
        return key;
    }

    public static long runKey(String run) {
        return runKey(("e-" + run).getBytes(StandardCharsets.US_ASCII), 0);
    }

    /** The number of the id at {@code at}, or -1 if there are not {@value #DIGITS} digits. */
    public static long number(byte[] bytes, int at) {
        long number = 0;
        for (int i = at + NUMBER_AT; i < at + LENGTH; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
