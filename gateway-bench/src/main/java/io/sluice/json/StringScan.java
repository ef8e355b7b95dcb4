package io.sluice.json;

/**
 * A contender in the race for strings: tells where one ends, that it is valid, and whether the filter is to be asked
 * about it, as {@link Scanner#string} does.
 *
 * <p>Confined to one thread. They differ in how they go over the bytes of a plain string; escapes and characters beyond
 * ASCII are the scanner's in all of them. Marks, the fault and its place are read from {@link #scanner}.
 */
abstract class StringScan {

    final Scanner scanner = new Scanner();
    byte[] bytes = {};
    int end;

    /** Scans these bytes from now on, as {@link Scanner#reset} has it. */
    final void reset(byte[] bytes, int end) {
        scanner.reset(bytes, end);
        this.bytes = bytes;
        this.end = end;
    }

    /** Behind the string whose opening quote stands at {@code from}, or {@link Scanner#FAILED}. */
    abstract int string(int from);

    /** Where a string begins that the rules begin with: behind its quote, and {@code https://}. */
    static int first(byte[] b, int from) {
        return Swar.word(b, from + 1) == Suspects.HTTPS ? from + 1 + 8 : from + 1;
    }

    /**
     * Asks the filter about the string between these quotes if it has to be asked.
     *
     * @param candidate whether it holds what an address or an escape has
     * @param part whether it holds what stands between the parts of such
     * @param upper whether it holds one from {@code @} to {@code _}
     * @param numeric those from space to {@code ?}, a bit for each byte; what is longer than 64 goes round
     */
    final void ask(int from, int first, int quote, boolean candidate, boolean part, boolean upper, long numeric) {
        int length = quote - first;
        if (candidate
                || part
                || (length < Suspects.SHORTEST_SECRET
                        ? Suspects.six(numeric) != 0 && Suspects.isNumber(bytes, numeric, first, length)
                        : upper || Suspects.isNumber(bytes, numeric, first, length))) {
            scanner.look(from, quote, !candidate);
        }
    }
}
