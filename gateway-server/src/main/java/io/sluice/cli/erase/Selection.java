package io.sluice.cli.erase;

import io.sluice.cli.MaskedShops;
import io.sluice.cli.erase.Person.Clue;
import io.sluice.config.SluiceConfig;
import io.sluice.record.Field;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say whose records are meant. What they hold is told in no message. */
final class Selection {

    /** A shorter word would be found in records of all and sundry. */
    private static final int SHORTEST_WORD = 6;

    /** What may be shown of a path: what was meant as a value may stand there. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z_.]{0,40}");

    private static final String STDIN = "-";

    /** What paths may begin with: fields of records, or any. */
    private static final Set<String> FIELDS = new HashSet<>(Set.of("*"));

    static {
        for (Field field : Field.values()) {
            FIELDS.add(field.key());
        }
    }

    @Option(names = "--shop", paramLabel = "SHOP", description = "Only records of this shop; may be repeated.")
    private List<String> shops = List.of();

    @Option(
            names = "--uid",
            paramLabel = "VALUE",
            description = "Records with this name of a user: the field uid, or uid, userId or user in props.")
    private List<String> users = List.of();

    @Option(
            names = "--aid",
            paramLabel = "VALUE",
            description = "Records with this name of a visitor: the field aid, or aid or anonymousId in props.")
    private List<String> visitors = List.of();

    @Option(names = "--sid", paramLabel = "VALUE", description = "Records of this session: sid, also in props.")
    private List<String> sessions = List.of();

    @Option(
            names = "--pseudonym",
            paramLabel = "VALUE",
            description = "Records with this pseudonym anywhere, as \"sluice pseudonym\" prints it.")
    private List<String> pseudonyms = List.of();

    @Option(
            names = "--anywhere",
            paramLabel = "VALUE",
            description =
                    "Records with this word anywhere, also percent-encoded; " + SHORTEST_WORD + " characters or more.")
    private List<String> words = List.of();

    @Option(
            names = "--match",
            paramLabel = "PATH=VALUE",
            description = "Records whose field has this value, such as props.customer.id=4711; * is any name.")
    private List<String> matches = List.of();

    @Option(
            names = "--person",
            paramLabel = "FILE",
            description = "File with lines such as uid=VALUE, aid=, sid=, pseudonym=, anywhere= or props.customer.id=;"
                    + " - is standard input. Keeps the values out of the history of the shell and the list of"
                    + " processes.")
    private Path file;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private final List<Clue> clues = new ArrayList<>();
    private final Set<String> named = new LinkedHashSet<>();

    /** @throws IOException if the file cannot be read */
    Person person(InputStream stdin) throws IOException {
        Set<String> ofShops = new LinkedHashSet<>(shops);
        users.forEach(value -> add("uid", value, ofShops));
        visitors.forEach(value -> add("aid", value, ofShops));
        sessions.forEach(value -> add("sid", value, ofShops));
        pseudonyms.forEach(value -> add("pseudonym", value, ofShops));
        words.forEach(value -> add("anywhere", value, ofShops));
        int number = 0;
        for (String match : matches) {
            number++;
            line(match, "--match number " + number, ofShops, true);
        }
        if (file != null) {
            read(file.toString().equals(STDIN) ? stdin : open(file), ofShops);
        }
        if (clues.isEmpty()) {
            throw wrong("whose records? Expected --uid, --aid, --sid, --pseudonym, --anywhere, --match or --person");
        }
        named.addAll(ofShops);
        return new Person(clues, ofShops);
    }

    /** For {@link #person} has been asked, and the shops may have come from its file. */
    void warnOfUnknownShops(SluiceConfig config) throws IOException {
        for (String shop : named) {
            if (config.shopsFile() != null && !MaskedShops.has(config.shopsFile(), shop)) {
                spec.commandLine()
                        .getErr()
                        .println("sluice: warning: " + config.shopsFile() + " has no shop '" + shop
                                + "' now; only its records are looked for");
                spec.commandLine().getErr().flush();
            }
        }
    }

    private InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw wrong("--person: " + file + " is no file that can be read");
        }
    }

    private void read(InputStream in, Set<String> ofShops) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    line(line.strip(), "line " + number + " of --person", ofShops, false);
                }
            }
        }
    }

    private void line(String text, String where, Set<String> ofShops, boolean pathOnly) {
        int equals = text.indexOf('=');
        if (equals <= 0 || equals == text.length() - 1) {
            throw wrong(where + ": expected a name, an equals sign and a value");
        }
        String name = text.substring(0, equals);
        String value = text.substring(equals + 1);
        if (pathOnly) {
            field(name, value, where, true);
        } else if (!add(name, value, ofShops)) {
            field(name, value, where, false);
        }
    }

    private void field(String path, String value, String where, boolean mayBeShown) {
        List<String> names;
        try {
            names = Person.path(path);
        } catch (IllegalArgumentException e) {
            throw wrong(where + ": " + e.getMessage());
        }
        // It would be found in no record, and the answer to the request would be that there is none.
        if (!FIELDS.contains(names.getFirst())) {
            throw wrong(where + ": no record has such a field, expected uid, aid, sid, pseudonym, anywhere, or a path"
                    + " that begins with a field of records, such as "
                    + (mayBeShown && PLAIN.matcher(path).matches() ? "props." + path : "props.email"));
        }
        clues.add(new Clue.Field(names, value));
    }

    /** @return false if the name is none of those that stand for several places */
    private boolean add(String name, String value, Set<String> ofShops) {
        if (value.isEmpty()) {
            throw wrong("the value of " + name + " is empty");
        }
        switch (name) {
            case "shop" -> ofShops.add(value);
            case "uid" -> fields(value, "uid", "uid", "userId", "user", "user_id");
            case "aid" -> fields(value, "aid", "aid", "anonymousId", "anonymous_id");
            case "sid" -> fields(value, "sid", "sid", "sessionId", "session_id");
            case "pseudonym", "anywhere" -> {
                if (value.length() < SHORTEST_WORD) {
                    throw wrong("the value of " + name + " is shorter than " + SHORTEST_WORD
                            + " characters: it would be found in records of others");
                }
                clues.add(new Clue.Word(value));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A value that is no string, or not the first of its kind, is a property of the name that the client gave it. */
    private void fields(String value, String field, String... properties) {
        clues.add(new Clue.Field(List.of(field), value));
        for (String property : properties) {
            clues.add(new Clue.Field(List.of("props", property), value));
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
