package io.sluice.config;

import java.util.List;

/** Says everything that is wrong with a configuration, at once. Its message is the report for the user. */
public final class InvalidConfig extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidConfig(List<Problem> problems) {
        super(report(problems));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String report(List<Problem> problems) {
        StringBuilder text = new StringBuilder(problems.size() == 1 ? "1 problem" : problems.size() + " problems");
        text.append(" in the configuration:\n");
        for (Problem problem : problems) {
            text.append("\n  ").append(problem.toString().replace("\n", "\n  ")).append('\n');
        }
        return text.toString();
    }
}
