package io.sluice.lab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON (RFC 8259) as a tree of {@link Map}, {@link List}, {@link String}, {@link Long}, {@link Double}, {@link Boolean}
 * and null, for whatever is small: control calls, faults, counters. Records never pass through here.
 */
final class Json {

    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** Thrown for text that is not JSON; the message says where and what was expected. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    static Object parse(byte[] bytes, int length) throws Malformed {
        return parse(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    static Object parse(String text) throws Malformed {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at != text.length()) {
            throw json.expected("the end");
        }
        return value;
    }

    private Object value() throws Malformed {
        space();
        if (at == text.length()) {
            throw expected("a value");
        }
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() throws Malformed {
        Map<String, Object> members = new LinkedHashMap<>();
        enter();
        if (!skip('}')) {
            do {
                space();
                String name = string();
                need(':');
                if (members.containsKey(name)) {
                    throw new Malformed("two members of the name " + name + " before offset " + at);
                }
                members.put(name, value());
            } while (skip(','));
            need('}');
        }
        depth--;
        return members;
    }

    private List<Object> array() throws Malformed {
        List<Object> elements = new ArrayList<>();
        enter();
        if (!skip(']')) {
            do {
                elements.add(value());
            } while (skip(','));
            need(']');
        }
        depth--;
        return elements;
    }

    private void enter() throws Malformed {
        at++;
        if (++depth > MAX_DEPTH) {
            throw new Malformed("nested deeper than " + MAX_DEPTH);
        }
    }

    private String string() throws Malformed {
        if (at == text.length() || text.charAt(at) != '"') {
            throw expected("a string");
        }
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c < 0x20) {
                throw expected("no control character");
            }
            value.append(c == '\\' ? escaped() : c);
        }
        throw expected("the end of a string");
    }

    /** The character that the escape at {@code at} stands for; leaves {@code at} on its last character. */
    private char escaped() throws Malformed {
        at++;
        char c = at < text.length() ? text.charAt(at) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 1; i <= 4; i++) {
                    int digit = at + i < text.length() ? Character.digit(text.charAt(at + i), 16) : -1;
                    if (digit < 0) {
                        throw expected("four hexadecimal digits");
                    }
                    code = code << 4 | digit;
                }
                at += 4;
                yield (char) code;
            }
            default -> throw expected("an escape");
        };
    }

    private Object word(String word, Object value) throws Malformed {
        if (!text.startsWith(word, at)) {
            throw expected(word);
        }
        at += word.length();
        return value;
    }

    private Object number() throws Malformed {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(from, at);
        if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            at = from;
            throw expected("a value");
        }
        if (number.length() <= 18 && number.matches("-?[0-9]+")) {
            return Long.valueOf(number);
        }
        return Double.valueOf(number);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean skip(char c) {
        space();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void need(char c) throws Malformed {
        if (!skip(c)) {
            throw expected("'" + c + "'");
        }
    }

    private Malformed expected(String what) {
        return new Malformed("expected " + what + " at offset " + at);
    }

    /** Compact, members in the order of their map. */
    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out, -1);
        return out.toString();
    }

    /** For people: a member or element a line. */
    static String pretty(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out, 0);
        return out.append('\n').toString();
    }

    private static void write(Object value, StringBuilder out, int indent) {
        switch (value) {
            case null -> out.append("null");
            case String text -> quote(text, out);
            case Map<?, ?> members -> {
                String separator = "{";
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    out.append(separator);
                    line(out, indent < 0 ? -1 : indent + 1);
                    quote(member.getKey().toString(), out);
                    out.append(indent < 0 ? ":" : ": ");
                    write(member.getValue(), out, indent < 0 ? -1 : indent + 1);
                    separator = ",";
                }
                close(out, members.isEmpty(), '{', '}', indent);
            }
            case List<?> elements -> {
                String separator = "[";
                for (Object element : elements) {
                    out.append(separator);
                    line(out, indent < 0 ? -1 : indent + 1);
                    write(element, out, indent < 0 ? -1 : indent + 1);
                    separator = ",";
                }
                close(out, elements.isEmpty(), '[', ']', indent);
            }
            default -> out.append(value);
        }
    }

    private static void close(StringBuilder out, boolean empty, char open, char close, int indent) {
        if (empty) {
            out.append(open);
        } else {
            line(out, indent);
        }
        out.append(close);
    }

    private static void line(StringBuilder out, int indent) {
        if (indent >= 0) {
            out.append('\n').repeat("  ", indent);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7f) {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
