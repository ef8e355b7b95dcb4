package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the lists of names in docs/PRIVACY.md to the code. {@code -Dsluice.docs.write=true} writes them. */
class DocumentedNamesTest {

    private static final Path DOC = Path.of("../docs/PRIVACY.md");
    private static final String BEGIN = "<!-- names: held to the code by a test -->\n";
    private static final String END = "<!-- end of names -->\n";
    private static final int WIDTH = 118;

    @Test
    void everyNameIsInTheDocument() throws Exception {
        String text = Files.readString(DOC);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        assertThat(to).isGreaterThanOrEqualTo(from);
        if (Boolean.getBoolean("sluice.docs.write")) {
            Files.writeString(DOC, text.substring(0, from) + lists() + text.substring(to));
        } else {
            assertThat(text.substring(from, to)).isEqualTo(lists());
        }
    }

    private static String lists() {
        return list("Personal", Policy.PERSONAL)
                + list("Of them, mail", Policy.MAIL)
                + list("Secret", Policy.SECRET)
                + list("Halves of a place", Policy.PLACE)
                + list("Lists of numbers that are places", Policy.POINT)
                + list("Numbers that may be telephones", Policy.TELEPHONE)
                + list("Where an event is anonymised, also", Policy.IDENTIFYING);
    }

    private static String list(String title, String names) {
        Set<String> sorted = new TreeSet<>(List.of(names.split(" ")));
        StringBuilder text = new StringBuilder("- **")
                .append(title)
                .append("** (")
                .append(sorted.size())
                .append("):");
        int column = text.length();
        for (String name : sorted) {
            if (column + name.length() + 1 > WIDTH) {
                text.append("\n ");
                column = 1;
            }
            text.append(' ').append(name);
            column += name.length() + 1;
        }
        return text.append('\n').toString();
    }
}
