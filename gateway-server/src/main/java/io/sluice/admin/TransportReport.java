package io.sluice.admin;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import io.netty.util.Version;

/** What Netty finds on this machine, for {@code sluice version}. */
public final class TransportReport {

    private TransportReport() {}

    public static String netty() {
        Version version = Version.identify().get("netty-transport");
        return version == null ? "unknown" : version.artifactVersion();
    }

    /** {@code epoll: yes, io-uring: no (reason), nio: yes}. */
    public static String transports() {
        return "epoll: " + available(Epoll.unavailabilityCause()) + ", io-uring: "
                + available(IoUring.unavailabilityCause()) + ", nio: yes";
    }

    private static String available(Throwable cause) {
        if (cause == null) {
            return "yes";
        }
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        int end = message.indexOf('\n');
        return "no (" + (end < 0 ? message : message.substring(0, end)) + ")";
    }
}
