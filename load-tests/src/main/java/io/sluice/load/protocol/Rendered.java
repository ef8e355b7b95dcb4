package io.sluice.load.protocol;

/**
 * A whole request as bytes.
 *
 * @param bytes head and body
 * @param numbersAt where the 12 digits of each event's number stand, ascending
 * @param timesAt where the 13 digits of each event's time stand
 * @param agesMillis how long before the request each event happened
 */
public record Rendered(byte[] bytes, int[] numbersAt, int[] timesAt, int[] agesMillis) {

    public int events() {
        return numbersAt.length;
    }
}
