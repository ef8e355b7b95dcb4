package io.sluice.common;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words what is wrong with a file: the JDK's exceptions have little but its name for a message. Stateless. */
public final class FileFailure {

    private FileFailure() {}

    /** The file, as far as it is known, and what is wrong with it. */
    public static String text(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case AccessDeniedException denied -> denied.getFile() + ": " + denied();
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file or directory";
            case FileAlreadyExistsException other -> other.getFile() + ": something else of this name is there already";
            // Those of this project say more than a name.
            case NotDirectoryException none -> message.contains(": ") ? message : message + ": is no directory";
            case FileSystemException other
            when other.getReason() == null ->
                message + ": " + failure.getClass().getSimpleName();
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : message;
        };
    }

    /** Of a file that the process has no right to. */
    public static String denied() {
        return "permission denied: the user " + System.getProperty("user.name", "of this process")
                + " may not read or write there";
    }
}
