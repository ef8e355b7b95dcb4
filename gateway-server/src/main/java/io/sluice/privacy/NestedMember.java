package io.sluice.privacy;

/**
 * Finds members with personal names in JSON that stands within a string: {@code "password":…} beneath the encodings.
 *
 * <p>Confined to its finder; allocates nothing; time linear in the text. The JSON need not be whole. A quote ends what
 * a quote began that is encoded alike: those of another layer stand within. What has no end goes on to the end of the
 * text. Values that are empty, {@code null}, {@code true} or {@code false} tell nothing, as in {@link MemberValue}.
 */
final class NestedMember {

    private static final int LONGEST_NAME = 64;

    /** The value, without its quotes if it is a string. */
    int begin;

    int end;
    Action action;
    private NameRule rule;
    /** Where the quote stands behind the name of a value that is no string, or -1. */
    int quote;

    /** Whether there may be any: a colon behind a quote. */
    static boolean mayBeIn(Text text) {
        for (int at = text.from; at < text.to; at++) {
            if (text.bytes[at] == ':' && text.at(nameEnd(text, at)) == '"') {
                return true;
            }
        }
        return false;
    }

    /** Looks for the first one whose colon stands at or behind {@code from}. */
    boolean find(Text text, PersonalNames names, int from) {
        for (int at = from; at < text.to; at++) {
            if (text.bytes[at] == ':' && isPersonal(text, names, at) && hasValue(text, at + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Where the quote of a name would stand that is followed by the colon at {@code colon}. */
    private static int nameEnd(Text text, int colon) {
        int at = colon - 1;
        while (isSpace(text.at(at))) {
            at--;
        }
        return at;
    }

    private boolean isPersonal(Text text, PersonalNames names, int colon) {
        int last = nameEnd(text, colon);
        if (text.at(last) != '"') {
            return false;
        }
        int lowest = Math.max(text.from, last - LONGEST_NAME);
        int name = last;
        while (name > lowest && text.bytes[name - 1] != '"') {
            name--;
        }
        quote = last;
        rule = names.rule(text.bytes, name, last);
        action = rule == null ? null : rule.action();
        return action != null && action != Action.KEEP;
    }

    /** Whether a value that tells something follows at {@code from}. */
    private boolean hasValue(Text text, int from) {
        int at = from;
        while (isSpace(text.at(at))) {
            at++;
        }
        at = behindLineBreaks(text, at);
        int first = text.at(at);
        if (first == '"') {
            begin = at + 1;
            end = closing(text, at);
            quote = -1;
            return end > begin && !isReplaced(text);
        }
        if (!rule.means(first)) {
            return false;
        }
        begin = at;
        end = first == '{' || first == '[' ? bracket(text, at) : word(text, at);
        return end > begin && !isLiteral(text);
    }

    /** Behind line breaks that are still escaped, as in JSON two layers down. */
    private static int behindLineBreaks(Text text, int from) {
        int behind = from;
        for (int at = from; text.at(at) == '\\' || isSpace(text.at(at)); ) {
            while (text.at(at) == '\\') {
                at++;
            }
            int c = text.at(at);
            if (c != 'n' && c != 'r' && c != 't' && !isSpace(c)) {
                break;
            }
            behind = ++at;
        }
        return behind;
    }

    /** The quote that ends the string whose quote stands at {@code at}, or the end of the text. */
    private static int closing(Text text, int at) {
        int i = at + 1;
        while (i < text.to && !(text.bytes[i] == '"' && text.isSame(at, i))) {
            i++;
        }
        return i;
    }

    /** Behind the bracket that closes the one at {@code at}, or the end of the text, or 0 if nothing is within. */
    private int bracket(Text text, int at) {
        int depth = 0;
        boolean string = false;
        boolean empty = true;
        for (int i = at; i < text.to; i++) {
            int c = text.bytes[i];
            if (c == '"') {
                string ^= text.isSame(quote, i);
            } else if (string) {
                continue;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return empty ? 0 : i + 1;
            }
            empty &= i == at || isSpace(c);
        }
        return text.to;
    }

    private static int word(Text text, int at) {
        int i = at;
        while (i < text.to && !isDelimiter(text.bytes[i])) {
            i++;
        }
        return i;
    }

    private static boolean isDelimiter(int c) {
        return c == ',' || c == '}' || c == ']' || c == '"' || isSpace(c) && c != '+';
    }

    /** White space, or the plus sign that stands for a space in forms. */
    private static boolean isSpace(int c) {
        return c == ' ' || c == '+' || c == '\n' || c == '\r' || c == '\t';
    }

    /** Whether something has been put in the place of all of the string. */
    private boolean isReplaced(Text text) {
        byte[] b = text.bytes;
        if (b[begin] != '[' || b[end - 1] != ']' || !Kind.isReplacement(b, begin, end)) {
            return false;
        }
        int bracket = begin;
        while (b[bracket] != ']') {
            bracket++;
        }
        return bracket == end - 1;
    }

    private boolean isLiteral(Text text) {
        return switch (text.bytes[begin]) {
            case 'n' -> isWord(text, "null");
            case 't' -> isWord(text, "true");
            case 'f' -> isWord(text, "false");
            default -> false;
        };
    }

    private boolean isWord(Text text, String word) {
        if (end - begin != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (text.bytes[begin + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
