package io.sluice.privacy;

import java.nio.charset.StandardCharsets;

/**
 * Reduces a User-Agent to what many share: {@code Chrome 120; Windows; desktop}. What its words tell stands in the
 * {@link AgentTable}.
 *
 * <p>Stateless; any thread. One pass over the words and a look-up for each, for some browsers two; allocates nothing.
 * Nothing of the agent is copied but the digits of a version. What it writes it writes again when it is given that.
 */
final class AgentFamilies {

    /** Most bytes that {@link #write} writes. */
    static final int MAX_LENGTH = 96;

    private static final AgentTable TABLE = new AgentTable();
    private static final byte[] OTHER = "Other".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BOT = "bot".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_DEVICE = "other".getBytes(StandardCharsets.US_ASCII);

    /** More are a date. */
    private static final int VERSION_DIGITS = 3;

    private AgentFamilies() {}

    /**
     * Writes the families of the agent in {@code [from, to)}, a header or the content of a JSON string, and answers the
     * offset behind: ASCII that needs no escaping.
     */
    static int write(byte[] agent, int from, int to, byte[] dst, int at) {
        int bot = AgentTable.NOTHING;
        int browser = AgentTable.NOTHING;
        int browserEnd = 0;
        int os = AgentTable.NOTHING;
        int device = AgentTable.NOTHING;
        int end;
        for (int begin = next(agent, from, to); begin < to; begin = next(agent, end, to)) {
            end = end(agent, begin, to);
            AgentTable.Word word = TABLE.find(agent, begin, end);
            if (word == null) {
                continue;
            }
            bot = Math.min(bot, word.line(AgentTable.Kind.BOT));
            if (word.line(AgentTable.Kind.BROWSER) < browser) {
                browser = word.line(AgentTable.Kind.BROWSER);
                browserEnd = end;
            }
            os = Math.min(os, word.line(AgentTable.Kind.OS));
            device = Math.min(device, word.line(AgentTable.Kind.DEVICE));
        }
        if (bot != AgentTable.NOTHING) {
            at = add(TABLE.name(bot), dst, at);
        } else if (browser != AgentTable.NOTHING) {
            at = add(TABLE.name(browser), dst, at);
            AgentTable.Word other = TABLE.versionOf(browser);
            int version = other == null ? -1 : version(agent, endOf(other, agent, from, to), to);
            at = addVersion(agent, version >= 0 ? version : version(agent, browserEnd, to), to, dst, at);
        } else {
            at = add(OTHER, dst, at);
        }
        at = add(os == AgentTable.NOTHING ? OTHER : TABLE.name(os), dst, separator(dst, at));
        if (bot != AgentTable.NOTHING) {
            return add(BOT, dst, separator(dst, at));
        }
        return add(device == AgentTable.NOTHING ? OTHER_DEVICE : TABLE.name(device), dst, separator(dst, at));
    }

    private static int next(byte[] agent, int at, int to) {
        int i = at;
        while (i < to && !Ascii.isToken(agent[i])) {
            i++;
        }
        return i;
    }

    private static int end(byte[] agent, int at, int to) {
        int i = at;
        while (i < to && Ascii.isToken(agent[i])) {
            i++;
        }
        return i;
    }

    /** Behind the first place of the word, or {@code to}. */
    private static int endOf(AgentTable.Word word, byte[] agent, int from, int to) {
        int end;
        for (int begin = next(agent, from, to); begin < to; begin = next(agent, end, to)) {
            end = end(agent, begin, to);
            if (TABLE.find(agent, begin, end) == word) {
                return end;
            }
        }
        return to;
    }

    /** Where the version begins of the word that ends at {@code at}, or -1. */
    private static int version(byte[] agent, int at, int to) {
        int i = at;
        if (i < to && agent[i] == '\\') {
            // As in JSON that escapes slashes.
            i++;
        }
        if (i >= to || agent[i] != '/' && agent[i] != ' ' && agent[i] != ':') {
            return -1;
        }
        i++;
        int digits = i;
        while (digits < to && Ascii.isDigit(agent[digits])) {
            digits++;
        }
        return digits > i && digits - i <= VERSION_DIGITS ? i : -1;
    }

    private static int addVersion(byte[] agent, int version, int to, byte[] dst, int at) {
        if (version < 0) {
            return at;
        }
        dst[at++] = ' ';
        for (int i = version; i < to && Ascii.isDigit(agent[i]); i++) {
            dst[at++] = agent[i];
        }
        return at;
    }

    private static int separator(byte[] dst, int at) {
        dst[at] = ';';
        dst[at + 1] = ' ';
        return at + 2;
    }

    private static int add(byte[] name, byte[] dst, int at) {
        System.arraycopy(name, 0, dst, at, name.length);
        return at + name.length;
    }
}
