package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;

class FileFailureTest {

    @Test
    void saysInWordsWhatIsWrongWithAFile() {
        assertThat(FileFailure.text(new AccessDeniedException("/d")))
                .startsWith("/d: permission denied: the user ")
                .endsWith(" may not read or write there");
        assertThat(FileFailure.text(new NoSuchFileException("/d"))).isEqualTo("/d: there is no such file or directory");
        assertThat(FileFailure.text(new FileAlreadyExistsException("/d"))).startsWith("/d: something else");
        assertThat(FileFailure.text(new NotDirectoryException("/d"))).isEqualTo("/d: is no directory");
        assertThat(FileFailure.text(new NotDirectoryException("/d: there is no such directory")))
                .isEqualTo("/d: there is no such directory");
        assertThat(FileFailure.text(new FileSystemException("/d", null, "Read-only file system")))
                .isEqualTo("/d: Read-only file system");
        assertThat(FileFailure.text(new DirectoryNotEmptyException("/d"))).isEqualTo("/d: DirectoryNotEmptyException");
        assertThat(FileFailure.text(new IOException("it broke"))).isEqualTo("it broke");
        assertThat(FileFailure.text(new EOFException())).isEqualTo("EOFException");
    }
}
