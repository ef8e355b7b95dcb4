package io.sluice.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What a file is known by without reading it. A symbolic link is followed, so that a mounted configuration is seen to
 * change.
 *
 * @param bytes its length, -1 if there is none
 * @param key which of all files it is: one behind a swapped link may have the time and the length of the one before.
 *     {@code null} where the file system has none
 */
record FileStamp(FileTime modified, long bytes, Object key) {

    private static final FileStamp MISSING = new FileStamp(FileTime.fromMillis(0), -1, null);

    /** Of the file as it is now, or of none. */
    static FileStamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return MISSING;
        }
    }
}
