package io.sluice.testing;

import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Fails a test that logged a WARN or an ERROR which it did not expect, and a test class that leaked a Netty buffer.
 *
 * <p>JUnit finds it by itself and sets it on every test class (see {@code META-INF/services}). A test that expects a
 * line takes an {@link Expected} as parameter and says which. Leaks are reported by Netty's detector through the log
 * once the collector has found them, which is why they are looked for when the class is through.
 */
public final class CleanLog
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {

    /** The lines that a test provokes. */
    public static final class Expected {

        private final List<String> parts = new ArrayList<>();
        private final List<String> single = new ArrayList<>();
        private final List<String> possible = new ArrayList<>();

        /** Takes lines that hold this part for what they should be. At least one must come. */
        public synchronized void line(String part) {
            parts.add(part);
        }

        /** Takes one line that holds this part, which must come; said twice, two. */
        public synchronized void once(String part) {
            single.add(part);
        }

        /** Takes lines that hold this part, if any come: for faults that strike by chance. */
        public synchronized void possibleLine(String part) {
            possible.add(part);
        }

        private synchronized void verify(List<String> lines) {
            List<String> surprises = new ArrayList<>(lines);
            List<String> missing = new ArrayList<>(parts);
            for (String part : possible) {
                surprises.removeIf(line -> line.contains(part) && parts.stream().noneMatch(line::contains));
            }
            for (String part : parts) {
                if (surprises.removeIf(line -> line.contains(part))) {
                    missing.remove(part);
                }
            }
            for (String part : single) {
                int at = 0;
                while (at < surprises.size() && !surprises.get(at).contains(part)) {
                    at++;
                }
                if (at == surprises.size()) {
                    missing.add(part);
                } else {
                    surprises.remove(at);
                }
            }
            if (!surprises.isEmpty()) {
                throw new AssertionError("unexpected in the log:\n" + String.join("\n", surprises));
            }
            if (!missing.isEmpty()) {
                throw new AssertionError("expected in the log, but not there: " + missing);
            }
        }
    }

    private static final AtomicInteger COLLECTORS = new AtomicInteger();

    private static final class Collector extends AbstractAppender {

        private final List<String> lines = new CopyOnWriteArrayList<>();

        Collector() {
            // Log4j takes appenders of one name for the same, and the test of this class has one more.
            super("clean-log-" + COLLECTORS.incrementAndGet(), null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
                Throwable thrown = event.getThrown();
                lines.add(event.getLevel() + " " + event.getLoggerName() + ": "
                        + event.getMessage().getFormattedMessage() + (thrown == null ? "" : " " + thrown));
            }
        }
    }

    private final Collector collector = new Collector();
    private Expected expected = new Expected();

    @Override
    public void beforeAll(ExtensionContext context) {
        Configurator.setRootLevel(Level.WARN);
        collector.start();
        LoggerContext loggers = (LoggerContext) LogManager.getContext(false);
        loggers.getConfiguration().getRootLogger().addAppender(collector, Level.WARN, null);
        loggers.updateLoggers();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        collector.lines.clear();
        expected = new Expected();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        expected.verify(collector.lines);
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        collector.lines.clear();
        collect();
        collect();
        // Netty reports the leaks that it has learnt of when it hands out another buffer.
        ByteBufAllocator.DEFAULT.buffer(1).release();
        ByteBufAllocator.DEFAULT.heapBuffer(1).release();
        LoggerContext loggers = (LoggerContext) LogManager.getContext(false);
        loggers.getConfiguration().getRootLogger().removeAppender(collector.getName());
        loggers.updateLoggers();
        new Expected().verify(collector.lines);
    }

    /** Returns when the collector has been through everything that was unreachable at the call. */
    private static void collect() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
        do {
            System.gc();
        } while (queue.remove(100) == null);
        Reference.reachabilityFence(canary);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Expected.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return expected;
    }
}
