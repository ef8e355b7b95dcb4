package io.sluice.bench.traffic;

/**
 * The body of one request to {@code POST /v1/events}: a JSON array of events of one shop.
 *
 * @param shop number of the shop; {@link Traffic#key} is its write key
 * @param bytes the JSON text, in UTF-8
 * @param numbersAt where the number of each event stands in it: {@value #DIGITS} digits within its {@code id}
 */
public record Body(int shop, byte[] bytes, int[] numbersAt) {

    /** Digits of an event's number, so that bodies can be renumbered in place. */
    public static final int DIGITS = 12;

    public int events() {
        return numbersAt.length;
    }

    /** Numbers the events anew, from {@code first} on: so the same bytes can be sent again as other events. */
    public void number(long first) {
        for (int i = 0; i < numbersAt.length; i++) {
            write(first + i, numbersAt[i]);
        }
    }

    private void write(long number, int at) {
        for (int i = at + DIGITS - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + number % 10);
            number /= 10;
        }
    }
}
