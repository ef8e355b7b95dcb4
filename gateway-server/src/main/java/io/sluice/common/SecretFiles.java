package io.sluice.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;

/** What files that hold secrets have in common. */
public final class SecretFiles {

    private SecretFiles() {}

    /** Whether everybody on this machine may read the file; {@code false} where the file system cannot say. */
    public static boolean isReadByAll(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ);
    }
}
