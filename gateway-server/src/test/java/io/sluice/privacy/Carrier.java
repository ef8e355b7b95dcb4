package io.sluice.privacy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Ways in which a text may stand in an event, each undone by {@link #plain}. Answers the content of a JSON string. */
public enum Carrier {
    RAW {
        @Override
        public String encode(String text) {
            return json(text);
        }
    },
    PERCENT {
        @Override
        public String encode(String text) {
            return percent(text);
        }
    },
    PERCENT_ALL {
        @Override
        public String encode(String text) {
            return percentAll(text);
        }
    },
    DOUBLE_PERCENT {
        @Override
        public String encode(String text) {
            return percent(percent(text));
        }
    },
    FORM {
        @Override
        public String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    },
    UNICODE_ESCAPES {
        @Override
        public String encode(String text) {
            StringBuilder out = new StringBuilder();
            for (char c : text.toCharArray()) {
                out.append("\\u%04x".formatted((int) c));
            }
            return out.toString();
        }
    },
    NESTED_JSON {
        @Override
        public String encode(String text) {
            return json("{\"v\":\"" + json(text) + "\"}");
        }
    },
    HTML_DECIMAL {
        @Override
        public String encode(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints().forEach(c -> out.append("&#").append(c).append(';'));
            return out.toString();
        }
    },
    HTML_HEX {
        @Override
        public String encode(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints()
                    .forEach(c -> out.append(
                            Character.isLetterOrDigit(c)
                                            || c == ' '
                                            || c == '+'
                                            || c == '('
                                            || c == ')'
                                            || c == '.'
                                            || c == '-'
                                            || c > 127
                                    ? Character.toString(c)
                                    : "&#x%x;".formatted(c)));
            return json(out.toString());
        }
    },
    FULL_WIDTH {
        @Override
        public String encode(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints()
                    .forEach(c -> out.appendCodePoint(
                            c > ' ' && c < 0x7f && c != '"' && c != '\\' ? c + 0xfee0 : c == ' ' ? 0x3000 : c));
            return json(out.toString());
        }
    },
    LOOK_ALIKE {
        @Override
        public String encode(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints()
                    .forEach(c -> out.appendCodePoint(
                            c >= '0' && c <= '9'
                                    ? c - '0' + 0x660
                                    : c == '@' ? 0xfe6b : c == ' ' ? 0xa0 : c == '-' ? 0x2011 : c));
            return json(out.toString());
        }
    };

    /** The content of the JSON string that carries the text. */
    public abstract String encode(String text);

    public static String json(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c < ' ' || Character.isSurrogate(c)) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return out.toString();
    }

    private static String percent(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String percentAll(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            out.append("%%%02X".formatted(b));
        }
        return out.toString();
    }

    /** What the content of a JSON string says beneath this encoding and all others. */
    public static String plain(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        DecodedText decoded = new DecodedText();
        decoded.decode(bytes, 0, bytes.length);
        return new String(decoded.bytes(), 0, decoded.length(), StandardCharsets.UTF_8);
    }
}
