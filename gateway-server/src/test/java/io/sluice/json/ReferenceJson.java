package io.sluice.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON parser that shares nothing with the scanner: recursive descent over characters that the JDK has decoded.
 * Slow, strict, and plain enough to be believed. Refuses nesting deeper than the scanner does.
 */
public final class ReferenceJson {

    public sealed interface Node {}

    public record Text(String value) implements Node {}

    /** A number or a literal, as it stands. */
    public record Word(String value) implements Node {}

    public record Array(List<Node> elements) implements Node {}

    public record Member(String name, Node value) {}

    public record Object(List<Member> members) implements Node {

        public Node get(String name) {
            for (Member member : members) {
                if (member.name().equals(name)) {
                    return member.value();
                }
            }
            return null;
        }

        public String text(String name) {
            return get(name) instanceof Text text ? text.value() : null;
        }

        public List<String> names() {
            return members.stream().map(Member::name).toList();
        }
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final String text;
    private int at;

    private ReferenceJson(String text) {
        this.text = text;
    }

    /** The tree, or {@code null} if the bytes are not JSON in UTF-8. */
    public static Node parse(byte[] bytes) {
        try {
            ReferenceJson parser = new ReferenceJson(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
            Node node = parser.value(0);
            parser.space();
            return parser.at == parser.text.length() ? node : null;
        } catch (CharacterCodingException | Malformed e) {
            return null;
        }
    }

    public static Node parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Object object(String text) {
        return (Object) parse(text);
    }

    private Node value(int depth) throws Malformed {
        space();
        char c = peek();
        if (c == '{' || c == '[') {
            if (depth == Scanner.MAX_DEPTH) {
                throw new Malformed();
            }
            return c == '{' ? object(depth) : array(depth);
        }
        if (c == '"') {
            return new Text(string());
        }
        int begin = at;
        while (at < text.length() && " \t\r\n,:[]{}\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(begin, at);
        if (!word.matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw new Malformed();
        }
        return new Word(word);
    }

    private Node object(int depth) throws Malformed {
        List<Member> members = new ArrayList<>();
        at++;
        space();
        if (peek() == '}') {
            at++;
            return new Object(members);
        }
        for (; ; ) {
            space();
            if (peek() != '"') {
                throw new Malformed();
            }
            String name = string();
            space();
            expect(':');
            members.add(new Member(name, value(depth + 1)));
            space();
            if (peek() == '}') {
                at++;
                return new Object(members);
            }
            expect(',');
        }
    }

    private Node array(int depth) throws Malformed {
        List<Node> elements = new ArrayList<>();
        at++;
        space();
        if (peek() == ']') {
            at++;
            return new Array(elements);
        }
        for (; ; ) {
            elements.add(value(depth + 1));
            space();
            if (peek() == ']') {
                at++;
                return new Array(elements);
            }
            expect(',');
        }
    }

    private String string() throws Malformed {
        StringBuilder value = new StringBuilder();
        at++;
        for (; ; ) {
            char c = peek();
            at++;
            if (c == '"') {
                return value.toString();
            }
            if (c < ' ') {
                throw new Malformed();
            }
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escaped = peek();
            at++;
            int simple = "\"\\/bfnrt".indexOf(escaped);
            if (simple >= 0) {
                value.append("\"\\/\b\f\n\r\t".charAt(simple));
            } else if (escaped == 'u'
                    && at + 4 <= text.length()
                    && text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
                value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                throw new Malformed();
            }
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Malformed {
        if (at >= text.length()) {
            throw new Malformed();
        }
        return text.charAt(at);
    }

    private void expect(char c) throws Malformed {
        if (peek() != c) {
            throw new Malformed();
        }
        at++;
    }
}
