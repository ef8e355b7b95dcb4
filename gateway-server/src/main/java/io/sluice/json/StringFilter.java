package io.sluice.json;

/** Says which strings and names the scanner marks. Allocates nothing. */
public interface StringFilter {

    /** Marks what the scanner suspects, and no name. */
    StringFilter NONE = new StringFilter() {
        @Override
        public boolean isMarkedName(byte[] bytes, int from, int to) {
            return false;
        }

        @Override
        public int classes(byte[] bytes, int from, int to, boolean plain) {
            return 1;
        }
    };

    /**
     * Whether the name in {@code [from, to)}, as it stands within its quotes, is marked although nothing in it is
     * suspected: its value is looked at.
     */
    boolean isMarkedName(byte[] bytes, int from, int to);

    /** What {@link #isMarkedName} goes by: filters of which it is the same mark the same names. */
    default Object names() {
        return this;
    }

    /**
     * What the string in {@code [from, to)}, which the scanner suspects, may hold: bits that go into its mark, or 0 if
     * it is not to be marked. {@value Scanner#PADDING} bytes behind it are readable.
     *
     * @param plain whether all of it is ASCII without <code>@ $ % &amp; '</code> and escapes by number
     */
    int classes(byte[] bytes, int from, int to, boolean plain);
}
