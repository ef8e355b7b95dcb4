package io.sluice.privacy;

/** Addresses of IPv4 and IPv6 in all their text forms (RFC 4291, section 2.2), and those of devices (IEEE 802). */
final class IpAddress {

    private static final int GROUPS = 8;

    /** A dot and the letters of a file's ending. */
    private static final int LONGEST_ENDING = 5;

    private IpAddress() {}

    /** Behind the IPv4 address that the run begins with, or 0. Numbers of versions are none. */
    static int v4(Text text, NumberRun run) {
        if (run.groups < 4 || run.separators(4) != NumberRun.DOT) {
            return 0;
        }
        int begin = run.begin[0];
        int end = run.end[3];
        int before = text.at(begin - 1);
        if (Ascii.isAlphanumeric(before)
                || before == '.'
                || before == '_'
                || before == ':' && isGroups(text, begin - 1)
                || !isDotted(text, begin, end)) {
            return 0;
        }
        int behind = text.at(end);
        if (Ascii.isAlphanumeric(behind) || behind == '.' && Ascii.isDigit(text.at(end + 1))) {
            return 0;
        }
        if (behind == '-' && Ascii.isLetter(text.at(end + 1))
                || isProduct(text, begin, end)
                || isFile(text, begin, end)) {
            return 0;
        }
        return (Context.before(text, begin) & Context.VERSION) == 0 || isBehindNumber(text, begin) ? end : 0;
    }

    /** The version in the name of a file, {@code app-1.2.3.4.jar}; not the address in that of a computer. */
    private static boolean isFile(Text text, int begin, int end) {
        int ending = end + 1;
        while (Ascii.isLetter(text.at(ending))) {
            ending++;
        }
        return text.at(begin - 1) == '-'
                && Ascii.isAlphanumeric(text.at(begin - 2))
                && text.at(end) == '.'
                && ending > end + 1
                && ending - end <= LONGEST_ENDING;
    }

    /** Whether another number stands between it and the word before, which then announces that one. */
    private static boolean isBehindNumber(Text text, int begin) {
        int at = begin - 1;
        while (at >= text.from && !Ascii.isAlphanumeric(text.bytes[at]) && begin - at < 8) {
            at--;
        }
        return Ascii.isDigit(text.at(at));
    }

    /** Whether several groups between colons end with the colon at {@code at}. */
    private static boolean isGroups(Text text, int at) {
        int i = at - 1;
        while (Ascii.isHex(text.at(i))) {
            i--;
        }
        return text.at(i) == ':' && i < at - 1;
    }

    /** Four numbers below 256 between single dots, without leading zeros unless all are filled up to three digits. */
    private static boolean isDotted(Text text, int from, int to) {
        int at = from;
        boolean filled = to - from == 15;
        for (int i = 0; i < 4; i++) {
            int value = 0;
            int first = at;
            while (at < to && Ascii.isDigit(text.bytes[at])) {
                value = value * 10 + text.bytes[at++] - '0';
                if (at - first > 3) {
                    return false;
                }
            }
            if (at == first || value > 255 || at - first > 1 && text.bytes[first] == '0' && !filled) {
                return false;
            }
            if (i < 3 && (at >= to || text.bytes[at++] != '.')) {
                return false;
            }
        }
        return at == to;
    }

    /** A product and its version in a User-Agent: {@code Chrome/120.0.0.0}. */
    private static boolean isProduct(Text text, int begin, int end) {
        if (text.at(begin - 1) == '='
                && (text.at(begin - 2) | 0x20) == 'v'
                && !Ascii.isAlphanumeric(text.at(begin - 3))) {
            return true;
        }
        int before = text.at(begin - 1);
        if (before != '/' && before != ';' || !Ascii.isLetter(text.at(begin - 2))) {
            return false;
        }
        int at = begin - 2;
        while (Ascii.isToken(text.at(at - 1))) {
            at--;
        }
        int first = text.at(at);
        boolean name = first >= 'A' && first <= 'Z';
        // As GA4 lists browsers: Not:A-Brand;8.0.0.0|Chromium;156.0.8078.79.
        return name && (before == '/' ? text.at(at - 1) != '/' : text.at(end) == '|' || text.at(at - 1) == '|');
    }

    /** What {@link #v6} and {@link #mac} have found. */
    static final class Found {
        int begin;
        int end;
        boolean mac;
    }

    /** Looks for an address with colons at or behind {@code from}. */
    static boolean findColons(Text text, int from, Found found) {
        byte[] b = text.bytes;
        int at = from;
        while (at < text.to) {
            if (b[at] != ':') {
                at++;
                continue;
            }
            // Everything around that an address may consist of.
            int begin = at;
            while (begin > from && (Ascii.isHex(b[begin - 1]) || b[begin - 1] == ':')) {
                begin--;
            }
            int end = at;
            while (end < text.to && (Ascii.isHex(b[end]) || b[end] == ':' || b[end] == '.')) {
                end++;
            }
            if (end - begin > 2 && colons(text, begin, end, found)) {
                return true;
            }
            at = Math.max(at + 1, end);
        }
        return false;
    }

    private static boolean colons(Text text, int from, int to, Found found) {
        int begin = from;
        int end = to;
        while (end > begin && text.bytes[end - 1] == '.') {
            end--;
        }
        // A colon behind a name or before text is punctuation.
        if (end - 1 > begin && text.bytes[end - 1] == ':' && text.bytes[end - 2] != ':') {
            end--;
        }
        if (text.bytes[begin] == ':' && text.at(begin + 1) != ':' && !isBlank(text.at(begin - 1))) {
            begin++;
        }
        if (Ascii.isAlphanumeric(text.at(begin - 1))) {
            // The end of a word before a colon: device:2001:db8::1, ipv6:2001:db8::1.
            boolean version = text.at(begin) == '6' && (text.at(begin - 1) | 0x20) == 'v';
            begin += version ? 1 : 0;
            while (begin < end && Ascii.isLetter(text.bytes[begin])) {
                begin++;
            }
            if (begin + 1 >= end || text.bytes[begin] != ':' || text.bytes[begin + 1] == ':') {
                return false;
            }
            begin++;
        }
        if (Ascii.isAlphanumeric(text.at(end))) {
            return false;
        }
        if (text.bytes[begin] == ':' && text.at(begin - 1) == ':') {
            return false;
        }
        // A port or the like before it: src=10:fe80::1 is not looked for.
        if (isV6(text, begin, end) && !isTime(text, begin, end)) {
            found.begin = begin;
            found.end = zone(text, end);
            found.mac = false;
            return true;
        }
        if (isMac(text, begin, end)) {
            found.begin = begin;
            found.end = end;
            found.mac = true;
            return true;
        }
        return false;
    }

    /** Few digits, a gap, few digits: rather a time or a place in a list, {@code 12::30}, unless it is announced. */
    private static boolean isTime(Text text, int from, int to) {
        int groups = 0;
        for (int at = from; at < to; groups++) {
            int first = at;
            while (at < to && Ascii.isDigit(text.bytes[at])) {
                at++;
            }
            // A leading gap, a letter, or the first half of a network as long as those that are given out.
            if (at == first || at - first > 3 || at < to && text.bytes[at] != ':') {
                return false;
            }
            while (at < to && text.bytes[at] == ':') {
                at++;
            }
        }
        return groups == 2
                && text.at(from - 1) != '['
                && text.at(to) != '%'
                && !(text.at(to) == '/' && Ascii.isDigit(text.at(to + 1)))
                && (Context.before(text, from) & Context.ADDRESS) == 0;
    }

    private static boolean isBlank(int c) {
        return c == 0 || c == ' ';
    }

    private static boolean isV6(Text text, int from, int to) {
        byte[] b = text.bytes;
        int groups = 0;
        boolean gap = false;
        boolean digit = false;
        int at = from;
        if (at + 1 < to && b[at] == ':' && b[at + 1] == ':') {
            gap = true;
            at += 2;
        }
        while (at < to) {
            int first = at;
            while (at < to && Ascii.isHex(b[at])) {
                digit |= Ascii.isDigit(b[at]);
                at++;
            }
            if (at == first || at - first > 4 && (at >= to || b[at] != '.')) {
                return false;
            }
            if (at < to && b[at] == '.') {
                return groups > 0 | gap
                        && isDotted(text, first, to)
                        && (gap ? groups <= GROUPS - 3 : groups == GROUPS - 2);
            }
            groups++;
            if (at == to) {
                break;
            }
            at++;
            if (at < to && b[at] == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                at++;
            } else if (at == to) {
                return false;
            }
        }
        // Two words of letters and a gap are rather a name in C++.
        return gap ? groups > 0 && groups < GROUPS && (digit || groups > 2) : groups == GROUPS;
    }

    /** Behind the zone (RFC 4007, section 11) that may follow at {@code at}. */
    private static int zone(Text text, int at) {
        if (text.at(at) != '%') {
            return at;
        }
        int end = at + 1;
        while (Ascii.isToken(text.at(end)) || text.at(end) == '.' && Ascii.isAlphanumeric(text.at(end + 1))) {
            end++;
        }
        return end > at + 1 ? end : at;
    }

    private static boolean isMac(Text text, int from, int to) {
        if (to - from != 17) {
            return false;
        }
        boolean zero = true;
        for (int i = 0; i < 17; i++) {
            int c = text.bytes[from + i];
            if (i % 3 == 2 ? c != ':' : !Ascii.isHex(c)) {
                return false;
            }
            zero &= i % 3 == 2 || c == '0';
        }
        return !zero;
    }
}
