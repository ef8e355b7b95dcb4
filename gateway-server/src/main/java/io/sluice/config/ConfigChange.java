package io.sluice.config;

import io.sluice.delivery.firehose.FirehoseConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a configuration that was read again has other than the one in use.
 *
 * @param streams whether the delivery streams of a group are others: that may be taken over by a running gateway
 * @param restart names of all other keys that differ, which may not
 */
public record ConfigChange(boolean streams, List<String> restart) {

    public ConfigChange {
        restart = List.copyOf(restart);
    }

    /**
     * @param inUse what the gateway was started with
     * @param before the groups with the streams that they have now
     */
    public static ConfigChange of(SluiceConfig inUse, List<FirehoseConfig.Group> before, SluiceConfig read) {
        List<FirehoseConfig.Group> after = read.delivery().firehose().groups();
        Set<String> restart = new LinkedHashSet<>();
        for (Key<?> key : Keys.all()) {
            if (key != Keys.MANIFESTS_STREAMS && !key.format(inUse).equals(key.format(read))) {
                restart.add(key.name());
            }
        }
        if (!inUse.groups().equals(read.groups()) || !withoutStreams(before).equals(withoutStreams(after))) {
            restart.add(Groups.LIST);
        }
        // Streams are told apart by their groups, so those of other groups are not looked at.
        boolean streams = !restart.contains(Groups.LIST) && !before.equals(after);
        return new ConfigChange(streams, new ArrayList<>(restart));
    }

    private static List<FirehoseConfig.Group> withoutStreams(List<FirehoseConfig.Group> groups) {
        List<FirehoseConfig.Group> without = new ArrayList<>();
        for (FirehoseConfig.Group group : groups) {
            without.add(new FirehoseConfig.Group(
                    group.name(), group.encoding(), List.of(), group.quotaBytes(), group.quotaRequests()));
        }
        return without;
    }
}
