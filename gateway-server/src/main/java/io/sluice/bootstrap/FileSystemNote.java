package io.sluice.bootstrap;

import java.util.Locale;

/** What to tell of a file system that does not hold what the journal builds upon. */
final class FileSystemNote {

    private FileSystemNote() {}

    /** Whether what is synced there is on no disk at all. */
    static boolean isMemory(String type) {
        return type.equals("tmpfs") || type.equals("ramfs");
    }

    /**
     * @param type as the system names it, such as ext4; empty if it is not known
     * @return one line, or nothing if there is nothing to tell
     */
    static String of(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "btrfs", "zfs", "bcachefs" ->
                type + " writes every block to a new place: zeroed segments are no reserve there, so a full disk can"
                        + " fail a write, and syncs are slower. Take ext4 or XFS for the journal";
            case "overlay", "overlayfs", "aufs" ->
                type + " is the container's own layer: it goes with the container. Mount a volume for the journal";
            case "tmpfs", "ramfs" ->
                type + " is memory: nothing that is acknowledged outlives this machine's next boot";
            case "nfs", "nfs4", "cifs", "smb3", "9p", "vboxsf", "virtiofs" ->
                type + " is another machine's disk: what a sync means, and whether locks hold, is up to that machine";
            default -> type.startsWith("fuse") ? type + ": whether a sync reaches a disk is up to its program" : "";
        };
    }
}
