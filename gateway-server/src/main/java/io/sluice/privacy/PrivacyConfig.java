package io.sluice.privacy;

import java.nio.file.Path;
import java.util.List;

/**
 * What is done with personal data.
 *
 * @param policy name of the policy of shops that name none
 * @param policies files of further policies, and directories of such files
 */
public record PrivacyConfig(String policy, List<Path> policies) {

    public PrivacyConfig {
        policies = List.copyOf(policies);
    }
}
