package io.sluice.bootstrap;

import io.sluice.storage.DiskStorage;
import io.sluice.storage.FaultyStorage;
import io.sluice.storage.StorageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The gateway, as it is, on a disk that fails on command: the arguments are those of {@code sluice}, and the faults are
 * the lines of the file that {@value #FILE} names, looked at every 50 ms ({@link StorageFault} says what may stand
 * there). How many calls were hit so far is kept in a file beside it whose name ends with {@value #COUNT}.
 */
public final class FaultyGateway {

    /** System property: the file of faults, which need not be there. */
    public static final String FILE = "sluice.faults";

    /** Written by the gateway: calls hit so far, in decimal. Not there before the first. */
    public static final String COUNT = ".injected";

    private static final long LOOK_MILLIS = 50;

    private final Path file;
    private final Path count;
    private final FaultyStorage storage;
    private String present = "";
    private long told;

    private FaultyGateway(Path file, FaultyStorage storage) {
        this.file = file;
        this.count = file.resolveSibling(file.getFileName() + COUNT);
        this.storage = storage;
    }

    public static void main(String[] arguments) {
        String file = System.getProperty(FILE);
        if (file == null) {
            System.err.println("sluice: -D" + FILE + "=FILE must say where the faults of the disk stand");
            System.exit(2);
        }
        FaultyStorage storage = new FaultyStorage(new DiskStorage());
        FaultyGateway gateway = new FaultyGateway(Path.of(file), storage);
        gateway.look();
        Thread.ofPlatform().name("faults").daemon().start(gateway::watch);
        int code = Main.commandLine(storage).execute(arguments);
        Logging.stop();
        System.exit(code);
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                look();
                tell();
            }
        } catch (InterruptedException e) {
            // Nobody does that; the faults stay as they are.
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        String text = read();
        if (text.equals(present)) {
            return;
        }
        present = text;
        try {
            List<StorageFault> faults = StorageFault.parse(text.lines().toList());
            storage.set(faults);
            System.err.println("sluice: faults of the disk: " + (faults.isEmpty() ? "none" : text.strip()));
        } catch (IllegalArgumentException e) {
            // It may be half written; if not, the message says what is wrong.
            System.err.println("sluice: " + e.getMessage());
        }
    }

    private String read() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            System.err.println("sluice: " + e);
            return present;
        }
    }

    private void tell() {
        long injected = storage.injected();
        if (injected == told) {
            return;
        }
        try {
            Files.writeString(count, Long.toString(injected));
            told = injected;
        } catch (IOException e) {
            System.err.println("sluice: " + e);
        }
    }
}
