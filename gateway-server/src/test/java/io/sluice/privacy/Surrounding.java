package io.sluice.privacy;

/** What a value may stand among within one string. */
public enum Surrounding {
    NOTHING("", ""),
    WORDS("please note ", " thanks"),
    QUERY("https://shop.example/s?q=", "&n=1"),
    PATH("https://shop.example/u/", "/x"),
    FRAGMENT("https://shop.example/p#", ""),
    FORM("a=1&q=", "&b=2"),
    QUOTES("he said \"", "\""),
    LINES("one\n", "\nthree"),
    COMMAS("a, ", ", b"),
    TAGS("<b>", "</b>"),
    ARRAY("[\"", "\"]"),
    COLON("q: ", ";");

    private final String before;
    private final String behind;

    Surrounding(String before, String behind) {
        this.before = before;
        this.behind = behind;
    }

    public String of(String text) {
        return before + text + behind;
    }
}
