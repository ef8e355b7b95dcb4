package io.sluice.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Sets the faults to what a file says whenever its bytes change; one thread. A file that is wrong is reported once and
 * changes nothing; one that is not there sets none.
 */
final class FaultsFile {

    private final Path file;
    private final Faults faults;
    private final PrintStream messages;
    private byte[] seen = {};

    FaultsFile(Path file, Faults faults, PrintStream messages) {
        this.file = file;
        this.faults = faults;
        this.messages = messages;
    }

    void poll() {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            bytes = new byte[0];
        } catch (IOException e) {
            messages.println("sluice-lab: " + file + ": " + e.getMessage() + "; the faults stay as they were");
            return;
        }
        if (Arrays.equals(bytes, seen)) {
            return;
        }
        seen = bytes;
        if (bytes.length == 0) {
            faults.clear();
            return;
        }
        try {
            faults.set(new String(bytes, StandardCharsets.UTF_8));
            messages.println("sluice-lab: faults of " + file + ": " + Json.write(faults.shown()));
        } catch (FaultRule.Invalid e) {
            messages.println("sluice-lab: " + file + ": " + e.getMessage() + "; the faults stay as they were");
        }
    }
}
