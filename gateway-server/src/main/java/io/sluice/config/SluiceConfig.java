package io.sluice.config;

import io.sluice.admin.AdminConfig;
import io.sluice.aws.BucketSecretsConfig;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.http.HttpConfig;
import io.sluice.intake.IntakeConfig;
import io.sluice.journal.JournalConfig;
import io.sluice.privacy.PrivacyConfig;
import io.sluice.privacy.period.PseudonymConfig;
import io.sluice.record.StreamGroup;
import io.sluice.ring.RingConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole configuration, validated. What was {@code auto} has become a number, but for ports that are 0.
 *
 * @param dataDirectory where everything that is written goes unless it has a directory of its own
 * @param groups at least two, each at the index that is its number; the first is where shops' events go
 * @param rejectedGroup number of the group that rejected events go to, never 0
 * @param shopsFile file of the shops, or {@code null} for the shop {@code demo} alone
 * @param secretsBucket where secrets of pseudonyms are, if it is on; else {@code pseudonyms} says so
 * @param drainDelay how long a stop goes on taking beacons after readiness has failed
 */
public record SluiceConfig(
        Path dataDirectory,
        HttpConfig http,
        AdminConfig admin,
        JournalConfig journal,
        RingConfig ring,
        IntakeConfig intake,
        DeliveryConfig delivery,
        List<StreamGroup> groups,
        int rejectedGroup,
        Path shopsFile,
        PrivacyConfig privacy,
        PseudonymConfig pseudonyms,
        BucketSecretsConfig secretsBucket,
        Duration drainDelay) {

    public SluiceConfig {
        groups = List.copyOf(groups);
    }

    /** The groups that a shop may name for its events, with their numbers: all but that for rejected ones. */
    public Map<String, Integer> eventGroups() {
        Map<String, Integer> numbers = new HashMap<>();
        for (StreamGroup group : groups) {
            if (group.number() != rejectedGroup) {
                numbers.put(group.name(), group.number());
            }
        }
        return numbers;
    }

    /** The effective configuration as YAML, which read again gives an equal one. */
    public String toYaml() {
        return ConfigYaml.print(this);
    }
}
