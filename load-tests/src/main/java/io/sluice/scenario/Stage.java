package io.sluice.scenario;

import io.sluice.ladder.Role;
import java.util.List;

/** What a gateway was at when a sample was taken, told by the stack. */
enum Stage {
    SOCKETS("kernel: sockets"),
    DISK("kernel: journal, written and synced"),
    SLEEP("kernel: sleeping and waking"),
    DECODE("decode: scan and read"),
    SCRUB("scrub: find what is personal"),
    LINES("lines"),
    ENCODE("encode: pack"),
    FLUSH("stage, frames, tickets"),
    COMMIT("commit"),
    DELIVER("deliver"),
    HTTP("HTTP: Netty and ours"),
    CLASSES("loading and linking classes"),
    START("start: configuration, wiring"),
    OTHER("everything else");

    private static final String OURS = "io.sluice.";

    private final String about;

    Stage(String about) {
        this.about = about;
    }

    String about() {
        return about;
    }

    /** A frame. @param type name of the class @param kernel whether it is a native method */
    record Frame(String type, String method, boolean kernel) {

        String name() {
            return type + '.' + method;
        }

        String packageName() {
            int dot = type.lastIndexOf('.');
            return dot < 0 ? "" : type.substring(0, dot);
        }
    }

    /** @param frames innermost first */
    static Stage of(Role role, List<Frame> frames) {
        if (frames.isEmpty()) {
            return OTHER;
        }
        Frame top = frames.getFirst();
        if (top.kernel() && kernel(top) != OTHER) {
            return kernel(top);
        }
        // Whatever asked for a class is not to blame for what it takes.
        if (frames.stream().anyMatch(Stage::loads)) {
            return CLASSES;
        }
        for (Frame frame : frames) {
            if (frame.type().startsWith(OURS)) {
                return ours(role, frame.type().substring(OURS.length()));
            }
        }
        return frames.stream().anyMatch(frame -> frame.type().startsWith("software.amazon."))
                        || role == Role.SDK
                        || role == Role.DELIVERY
                ? DELIVER
                : role == Role.LOOPS ? HTTP : OTHER;
    }

    private static Stage kernel(Frame frame) {
        if (frame.method().startsWith("park") || frame.method().startsWith("unpark")) {
            return SLEEP;
        }
        if (frame.type().startsWith("io.netty.channel.epoll.") || frame.type().startsWith("io.netty.channel.unix.")) {
            return SOCKETS;
        }
        if (frame.type().startsWith("sun.nio.ch.")) {
            return frame.type().contains("File") ? DISK : SOCKETS;
        }
        return OTHER;
    }

    private static boolean loads(Frame frame) {
        return frame.type().startsWith("jdk.internal.loader.")
                || frame.type().equals("java.lang.ClassLoader")
                || frame.type().startsWith("java.lang.invoke.")
                        && frame.method().startsWith("link")
                || frame.type().equals("java.lang.Class") && frame.method().equals("forName0");
    }

    /** @param type behind the common beginning */
    private static Stage ours(Role role, String type) {
        return switch (type.substring(0, Math.max(0, type.indexOf('.')))) {
            case "json", "protocol" -> DECODE;
            case "privacy" -> SCRUB;
            case "beacon", "shop" -> LINES;
            case "record" -> type.startsWith("record.Line") ? LINES : ENCODE;
            case "intake", "ring" -> role == Role.COMMITTER ? COMMIT : FLUSH;
            case "journal", "storage" -> role == Role.COMMITTER ? COMMIT : role == Role.DELIVERY ? DELIVER : OTHER;
            case "delivery", "aws" -> DELIVER;
            case "http" -> HTTP;
            case "bootstrap", "config", "admin", "cli" -> START;
            default -> OTHER;
        };
    }
}
