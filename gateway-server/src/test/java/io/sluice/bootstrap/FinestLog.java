package io.sluice.bootstrap;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Keeps every line that anything logs, libraries too, at the finest level, with whole stack traces. */
final class FinestLog extends AbstractAppender implements AutoCloseable {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final LoggerContext loggers = (LoggerContext) LogManager.getContext(false);
    private Level before;

    private FinestLog() {
        super("finest", null, null, true, Property.EMPTY_ARRAY);
    }

    static FinestLog open() {
        FinestLog log = new FinestLog();
        log.start();
        LoggerConfig root = log.loggers.getConfiguration().getRootLogger();
        log.before = root.getLevel();
        root.setLevel(Level.ALL);
        root.addAppender(log, Level.ALL, null);
        // What goes to the screen stays as it was.
        root.getAppenders().keySet().stream()
                .filter(name -> name.equals("console"))
                .toList()
                .forEach(name -> {
                    var console = root.getAppenders().get(name);
                    root.removeAppender(name);
                    root.addAppender(console, log.before, null);
                });
        log.loggers.updateLoggers();
        return log;
    }

    @Override
    public synchronized void append(LogEvent event) {
        bytes.writeBytes((event.getLevel() + " " + event.getLoggerName() + " "
                        + event.getMessage().getFormattedMessage() + "\n")
                .getBytes(StandardCharsets.UTF_8));
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        }
    }

    synchronized byte[] bytes() {
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        LoggerConfig root = loggers.getConfiguration().getRootLogger();
        root.removeAppender(getName());
        root.setLevel(before);
        loggers.updateLoggers();
        stop();
    }
}
