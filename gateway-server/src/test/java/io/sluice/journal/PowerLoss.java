package io.sluice.journal;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs the journal's property tests without a test framework around them, for {@code scripts/prove}: as many histories
 * as {@code -Dsluice.histories} says, from {@code -Dsluice.seed} on. Exit code 0 if all hold.
 */
final class PowerLoss {

    private static final List<Class<?>> TESTS = List.of(JournalPropertyTest.class);

    private PowerLoss() {}

    public static void main(String[] arguments) throws Exception {
        int tests = 0;
        for (Class<?> test : TESTS) {
            call(test, BeforeAll.class, null);
            for (Method method : test.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    var constructor = test.getDeclaredConstructor();
                    constructor.setAccessible(true);
                    invoke(method, constructor.newInstance());
                    tests++;
                }
            }
            call(test, AfterAll.class, null);
        }
        if (tests == 0) {
            throw new AssertionError("no test was found in " + TESTS);
        }
    }

    private static void call(Class<?> test, Class<? extends Annotation> annotation, Object on) throws Exception {
        for (Method method : test.getDeclaredMethods()) {
            if (method.isAnnotationPresent(annotation) && Modifier.isStatic(method.getModifiers())) {
                invoke(method, on);
            }
        }
    }

    private static void invoke(Method method, Object on) throws Exception {
        method.setAccessible(true);
        try {
            method.invoke(on);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }
}
