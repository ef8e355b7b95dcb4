package io.sluice.json;

/** Names of members that the scanner marks although nothing in them is a candidate: their values are looked at. */
public interface NameFilter {

    NameFilter NONE = (bytes, from, to) -> false;

    /** Whether the name in {@code [from, to)}, as it stands within its quotes, is one. Allocates nothing. */
    boolean matches(byte[] bytes, int from, int to);
}
