package io.sluice.load.protocol;

/**
 * Goes through an event of the traffic as name and value: its members and those of {@code props}; objects and arrays
 * deeper within are left out.
 *
 * <p>For the JSON that our own traffic makes, which is known to be right; it checks nothing. One thread.
 */
final class FlatJson {

    private final String json;
    private int at = 1;
    private String name;
    private String value;

    FlatJson(String json) {
        this.json = json;
    }

    /** Goes to the next member. @return whether there is one */
    boolean next() {
        while (at < json.length()) {
            char c = json.charAt(at);
            if (c == ',' || c == '}' || c == '{') {
                at++;
                continue;
            }
            name = string();
            at++;
            c = json.charAt(at);
            if (c == '{' && name.equals("props")) {
                continue;
            }
            if (c == '{' || c == '[') {
                skip();
                continue;
            }
            value = c == '"' ? string() : word();
            return true;
        }
        return false;
    }

    String name() {
        return name;
    }

    /** The text of a string; anything else as it stands. */
    String value() {
        return value;
    }

    private String string() {
        StringBuilder text = new StringBuilder();
        for (at++; json.charAt(at) != '"'; at++) {
            char c = json.charAt(at);
            if (c != '\\') {
                text.append(c);
            } else if (json.charAt(++at) == 'u') {
                text.append((char) Integer.parseInt(json, at + 1, at + 5, 16));
                at += 4;
            } else {
                text.append(json.charAt(at));
            }
        }
        at++;
        return text.toString();
    }

    private String word() {
        int from = at;
        while (json.charAt(at) != ',' && json.charAt(at) != '}') {
            at++;
        }
        return json.substring(from, at);
    }

    private void skip() {
        int depth = 0;
        do {
            char c = json.charAt(at);
            if (c == '"') {
                string();
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            at++;
        } while (depth > 0);
    }
}
