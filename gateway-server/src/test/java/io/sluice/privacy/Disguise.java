package io.sluice.privacy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Encodings beneath which a text may stand within another, each undone by {@link Undone}. */
public enum Disguise {
    NONE {
        @Override
        public String of(String text) {
            return text;
        }
    },
    PERCENT {
        @Override
        public String of(String text) {
            return percent(text);
        }
    },
    PERCENT_LOWER {
        @Override
        public String of(String text) {
            return lower(percent(text), 1);
        }
    },
    PERCENT_MIXED {
        @Override
        public String of(String text) {
            return lower(percent(text), 2);
        }
    },
    PERCENT_ALL {
        @Override
        public String of(String text) {
            StringBuilder out = new StringBuilder();
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                out.append("%%%02X".formatted(b));
            }
            return out.toString();
        }
    },
    DOUBLE_PERCENT {
        @Override
        public String of(String text) {
            return percent(percent(text));
        }
    },
    FORM {
        @Override
        public String of(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    },
    UNICODE_ESCAPES {
        @Override
        public String of(String text) {
            return escaped(text, 1);
        }
    },
    SOME_UNICODE_ESCAPES {
        @Override
        public String of(String text) {
            return escaped(text, 3);
        }
    },
    HTML_DECIMAL {
        @Override
        public String of(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints().forEach(c -> out.append("&#").append(c).append(';'));
            return out.toString();
        }
    },
    HTML_HEX {
        @Override
        public String of(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints().forEach(c -> {
                if (Character.isLetterOrDigit(c) || c == ' ') {
                    out.appendCodePoint(c);
                } else {
                    out.append("&#x").append(Integer.toHexString(c)).append(';');
                }
            });
            return out.toString();
        }
    },
    FULL_WIDTH {
        @Override
        public String of(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints()
                    .forEach(c -> out.appendCodePoint(c > ' ' && c < 0x7f ? c + 0xfee0 : c == ' ' ? 0x3000 : c));
            return out.toString();
        }
    },
    LOOK_ALIKE {
        @Override
        public String of(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints()
                    .forEach(c -> out.appendCodePoint(
                            c >= '0' && c <= '9'
                                    ? c - '0' + 0x660
                                    : c == '@' ? 0xfe6b : c == ' ' ? 0xa0 : c == '-' ? 0x2011 : c));
            return out.toString();
        }
    },
    JSON {
        @Override
        public String of(String text) {
            return "{\"v\":\"" + Carrier.json(text) + "\"}";
        }
    },
    JSON_WITHIN_JSON {
        @Override
        public String of(String text) {
            return JSON.of(JSON.of(text));
        }
    },
    BASE64 {
        @Override
        public String of(String text) {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(JSON.of(text).getBytes(StandardCharsets.UTF_8));
        }
    },
    BASE64_ARRAY {
        @Override
        public String of(String text) {
            // The other alphabet, and what makes it show.
            return Base64.getEncoder()
                    .encodeToString(("[{\"event\":\"view\",\"?\":\"~~~???>>>\"}," + JSON.of(text) + "]")
                            .getBytes(StandardCharsets.UTF_8));
        }
    },
    PERCENT_OF_FULL_WIDTH {
        @Override
        public String of(String text) {
            return percent(FULL_WIDTH.of(text));
        }
    },
    HTML_OF_PERCENT {
        @Override
        public String of(String text) {
            return HTML_DECIMAL.of(percent(text));
        }
    };

    public abstract String of(String text);

    private static String percent(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Every {@code each}-th escape in the lower case. */
    private static String lower(String percent, int each) {
        StringBuilder out = new StringBuilder(percent);
        int n = 0;
        for (int i = out.indexOf("%"); i >= 0; i = out.indexOf("%", i + 1)) {
            if (n++ % each == 0) {
                out.replace(i + 1, i + 3, out.substring(i + 1, i + 3).toLowerCase(Locale.ROOT));
            }
        }
        return out.toString();
    }

    private static String escaped(String text, int each) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A half of a character beyond the first plane must not stand beside the other half as it is.
            if (i % each == 0 || Character.isSurrogate(c) || c == '"' || c == '\\' || c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
