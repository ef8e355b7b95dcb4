package io.sluice.prove;

import io.sluice.oracle.OracleCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Asks the oracle, by the command that everybody has: {@code scripts/oracle}. Stateless. */
final class Judge {

    private static final Pattern MEMBER = Pattern.compile("(\\w+)=(\\d+)");
    private static final String RESULT = "RESULT name=oracle ";

    /**
     * Its words.
     *
     * @param result the members of its last line
     * @param text all that it printed
     */
    record Verdict(int exit, Map<String, Long> result, String text) {

        long get(String name) {
            return result.getOrDefault(name, -1L);
        }
    }

    private Judge() {}

    static Verdict ask(List<Path> acks, Path objects) {
        List<String> arguments = new ArrayList<>();
        for (Path file : acks) {
            arguments.addAll(List.of("--acks", file.toString()));
        }
        arguments.add(objects.toString());
        StringWriter printed = new StringWriter();
        CommandLine line = new CommandLine(new OracleCommand());
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int exit = line.execute(arguments.toArray(String[]::new));
        String text = printed.toString();
        Map<String, Long> result = new HashMap<>();
        int at = text.lastIndexOf(RESULT);
        if (at >= 0) {
            Matcher matcher = MEMBER.matcher(text.substring(at + RESULT.length()));
            while (matcher.find()) {
                result.put(matcher.group(1), Long.parseLong(matcher.group(2)));
            }
        }
        return new Verdict(exit, result, text);
    }
}
