package io.sluice.privacy;

/** Finds the value of a member in JSON that is known to be valid. Stateless. */
final class MemberValue {

    private MemberValue() {}

    /**
     * Where the value begins whose name ends at {@code at}, or -1 if no colon follows, so that it is no name, or if the
     * value is empty or a literal, which tells nothing.
     */
    static int begin(byte[] src, int at, int to) {
        int i = space(src, at, to);
        if (i >= to || src[i] != ':') {
            return -1;
        }
        i = space(src, i + 1, to);
        if (i >= to) {
            return -1;
        }
        return switch (src[i]) {
            case 'n', 't', 'f' -> -1;
            case '"' -> src[i + 1] == '"' ? -1 : i;
            case '{', '[' -> src[i + 1] == src[i] + 2 ? -1 : i;
            default -> i;
        };
    }

    /** Behind the white space at {@code at}, in front of a byte that is none. */
    static int space(byte[] src, int at) {
        return space(src, at, src.length);
    }

    private static int space(byte[] src, int at, int to) {
        int i = at;
        while (i < to && src[i] <= ' ' && src[i] >= 0) {
            i++;
        }
        return i;
    }

    /** Behind the value that begins at {@code at}. */
    static int end(byte[] src, int at) {
        int depth = 0;
        int i = at;
        do {
            switch (src[i]) {
                case '{', '[' -> {
                    depth++;
                    i++;
                }
                case '}', ']' -> {
                    depth--;
                    i++;
                }
                case '"' -> i = string(src, i);
                default -> {
                    i++;
                    if (depth == 0) {
                        while (src[i] != ',' && src[i] != '}' && src[i] != ']' && src[i] > ' ') {
                            i++;
                        }
                    }
                }
            }
        } while (depth > 0);
        return i;
    }

    /** Behind the string whose opening quote stands at {@code at}. */
    static int string(byte[] src, int at) {
        int i = at + 1;
        while (src[i] != '"') {
            i += src[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }
}
