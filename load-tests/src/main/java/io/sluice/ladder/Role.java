package io.sluice.ladder;

import java.util.Locale;

/**
 * What the threads of a gateway do, told by their names. Linux keeps 15 characters of a name, and so the beginnings
 * here are no longer.
 */
public enum Role {
    LOOPS("loops", "loop-"),
    COMMITTER("committer", "sluice-committe"),
    DELIVERY("delivery, which calls the SDK", "sluice-delivery"),
    SDK("SDK's threads", "sluice-aws-", "sdk-", "AwsEventLoop"),
    GC("collector", "GC Thread", "G1 "),
    JIT("compiler", "C1 Compiler", "C2 Compiler"),
    /** Also threads that have ended, whose time only the process knows. */
    OTHER("other threads");

    private final String about;
    private final String[] beginnings;

    Role(String about, String... beginnings) {
        this.about = about;
        this.beginnings = beginnings;
    }

    public String about() {
        return about;
    }

    /** Its name among the figures. */
    String figure() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of a thread with this name, or the first 15 characters of it. */
    public static Role of(String threadName) {
        for (Role role : values()) {
            for (String beginning : role.beginnings) {
                if (threadName.startsWith(beginning)) {
                    return role;
                }
            }
        }
        return OTHER;
    }
}
