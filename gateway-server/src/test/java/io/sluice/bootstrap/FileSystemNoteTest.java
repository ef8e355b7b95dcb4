package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemNoteTest {

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "apfs", ""})
    void saysNothingOfAFileSystemThatKeepsWhatItIsGiven(String type) {
        assertThat(FileSystemNote.of(type)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"btrfs", "zfs"})
    void warnsWhereZeroedSegmentsAreNoReserve(String type) {
        assertThat(FileSystemNote.of(type)).startsWith(type).contains("no reserve");
    }

    @Test
    void warnsOfWhatDoesNotOutliveTheContainerOrTheMachine() {
        assertThat(FileSystemNote.of("overlay")).contains("goes with the container");
        assertThat(FileSystemNote.of("tmpfs")).contains("is memory");
        assertThat(FileSystemNote.of("nfs4")).contains("another machine");
        assertThat(FileSystemNote.of("fuse.s3fs")).contains("up to its program");
    }
}
