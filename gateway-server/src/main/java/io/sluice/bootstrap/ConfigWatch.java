package io.sluice.bootstrap;

import io.sluice.common.FileWatch;
import io.sluice.config.ConfigChange;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.firehose.FirehoseConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the configuration read again when its file has changed, and takes from it what a running gateway can take: the
 * lists of delivery streams. Of everything else it says that it needs a restart.
 *
 * <p>A {@link FileWatch} looks at the file. One that is wrong changes nothing and is told once: it has to change again.
 */
final class ConfigWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    /** Reads all sources again: file, environment, options. */
    interface Reload {
        SluiceConfig load() throws InvalidConfig;
    }

    private final Path file;
    private final Reload reload;
    private final Consumer<List<FirehoseConfig.Group>> streams;
    private final FileWatch watch;

    /** What the gateway was started with. */
    private final SluiceConfig inUse;

    /** With the streams that they have now. */
    private List<FirehoseConfig.Group> groups;

    /** Watches nothing before {@link #start}. */
    ConfigWatch(Path file, Reload reload, SluiceConfig inUse, Consumer<List<FirehoseConfig.Group>> streams) {
        this.file = file;
        this.reload = reload;
        this.inUse = inUse;
        this.groups = inUse.delivery().firehose().groups();
        this.streams = streams;
        this.watch = new FileWatch("sluice-config", () -> List.of(file), this::check);
    }

    void start() {
        watch.start();
    }

    /** Reads the file if it is not as it was at the last look. */
    void check() {
        if (!watch.changed()) {
            return;
        }
        SluiceConfig config;
        try {
            config = reload.load();
        } catch (InvalidConfig e) {
            LOG.warn("{} changed and is not taken, everything stays as it is: {}", file, e.getMessage());
            return;
        }
        ConfigChange change = ConfigChange.of(inUse, groups, config);
        if (!change.restart().isEmpty()) {
            LOG.warn("{} changed in what needs a restart: {}", file, String.join(", ", change.restart()));
        }
        if (change.streams()) {
            List<FirehoseConfig.Group> changed = config.delivery().firehose().groups();
            streams.accept(changed);
            // Behind it: if they could not be taken, they are still to be with the next change.
            groups = changed;
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
