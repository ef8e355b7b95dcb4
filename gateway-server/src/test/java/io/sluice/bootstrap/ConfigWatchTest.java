package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ConfigLoader;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.testing.CleanLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Looks when the test says so; each file has another length, so that it is seen to be another. */
@ExtendWith(CleanLog.class)
class ConfigWatchTest {

    @TempDir
    private Path directory;

    private Path file;
    private ConfigWatch watch;
    private final List<List<FirehoseConfig.Group>> taken = new ArrayList<>();
    private boolean takesNone;

    @BeforeEach
    void start() throws Exception {
        file = directory.resolve("sluice.yaml");
        write("groups: [{name: events, streams: [a, b]}, {name: rejected}]");
        watch = new ConfigWatch(file, this::load, load(), this::take);
        watch.check();
    }

    @Test
    void streamsAreTakenOverWithoutARestart() throws Exception {
        assertThat(taken).isEmpty();
        write("groups: [{name: events, streams: [b, c, d]}, {name: rejected}]");
        watch.check();
        watch.check();
        assertThat(taken).singleElement().satisfies(groups -> {
            assertThat(groups.get(0).streams()).containsExactly("b", "c", "d");
            assertThat(groups.get(1).streams()).containsExactly("sluice-rejected");
            assertThat(groups.get(2).streams()).containsExactly("sluice-manifests");
        });
        write("delivery: {manifests: {streams: [m]}}\ngroups: [{name: events, streams: [b, c, d]}, {name: rejected}]");
        watch.check();
        assertThat(taken).hasSize(2);
        assertThat(taken.getLast().getLast().streams()).containsExactly("m");
    }

    @Test
    void whatElseChangedIsNamedAndNotTaken(CleanLog.Expected log) throws Exception {
        log.line("changed in what needs a restart: http.port, block.linger-max");
        write("http: {port: 81}\nblock: {linger-max: 60s}\ngroups: [{name: events, streams: [a]}, {name: rejected}]");
        watch.check();
        assertThat(taken).hasSize(1);
    }

    @Test
    void otherGroupsNeedARestartWithTheirStreams(CleanLog.Expected log) throws Exception {
        log.line("changed in what needs a restart: groups");
        write("groups: [{name: events, streams: [x]}, {name: rejected}, {name: more}]");
        watch.check();
        assertThat(taken).isEmpty();
    }

    @Test
    void aWrongFileChangesNothingAndIsToldOnce(CleanLog.Expected log) throws Exception {
        log.once("changed and is not taken, everything stays as it is");
        write("groups: [{name: events, streams: [a/b]}, {name: rejected}]");
        watch.check();
        watch.check();
        assertThat(taken).isEmpty();

        write("groups: [{name: events, streams: [abc]}, {name: rejected}]");
        watch.check();
        assertThat(taken).hasSize(1);
    }

    @Test
    void streamsThatCouldNotBeTakenAreTakenWithTheNextChange() throws Exception {
        takesNone = true;
        write("groups: [{name: events, streams: [b, c]}, {name: rejected}]");
        assertThatThrownBy(watch::check).isInstanceOf(IllegalStateException.class);
        takesNone = false;
        watch.check();
        assertThat(taken).isEmpty();

        write("groups: [{name: events, streams: [b, c]}, {name: rejected}] # and nothing else");
        watch.check();
        assertThat(taken).hasSize(1);
        assertThat(taken.getFirst().getFirst().streams()).containsExactly("b", "c");
    }

    private void take(List<FirehoseConfig.Group> groups) {
        if (takesNone) {
            throw new IllegalStateException();
        }
        taken.add(groups);
    }

    private void write(String yaml) throws Exception {
        Files.writeString(file, yaml + "\n");
    }

    private SluiceConfig load() throws io.sluice.config.InvalidConfig {
        return new ConfigLoader().file(file).load();
    }
}
