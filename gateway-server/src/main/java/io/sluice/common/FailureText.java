package io.sluice.common;

/**
 * What a failure may say of itself in a log: classes and places in the code, never messages, which may quote input and
 * so hold personal data. Any thread.
 */
public final class FailureText {

    private static final int FRAMES = 8;
    private static final int CAUSES = 4;

    private FailureText() {}

    /** The failure and what caused it, each with its innermost frames, on one line. */
    public static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable next = failure;
        for (int depth = 0; next != null && depth < CAUSES; depth++, next = next.getCause()) {
            text.append(depth == 0 ? "" : ", caused by ").append(next.getClass().getName());
            StackTraceElement[] trace = next.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES, trace.length); i++) {
                text.append(i == 0 ? " at " : " < ").append(trace[i]);
            }
        }
        return text.toString();
    }
}
