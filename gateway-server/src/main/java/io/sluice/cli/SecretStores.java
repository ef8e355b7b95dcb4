package io.sluice.cli;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.BucketSecrets;
import io.sluice.aws.KeyService;
import io.sluice.aws.SdkKeyService;
import io.sluice.common.SecretStore;
import io.sluice.config.SluiceConfig;
import io.sluice.journal.JournalKeys;
import io.sluice.privacy.period.DirectorySecrets;
import java.util.Map;

/** Where secrets and keys are that commands and server need, as the configuration says. */
public final class SecretStores {

    private SecretStores() {}

    /** The secrets of pseudonyms. Nothing is asked for yet. */
    public static SecretStore open(SluiceConfig config) {
        if (config.pseudonyms().fixed() != null) {
            return config.pseudonyms().fixed();
        }
        return config.secretsBucket().on()
                ? new BucketSecrets(config.secretsBucket())
                : new DirectorySecrets(config.pseudonyms().directory());
    }

    /** Has KMS unwrap keys of the journal; each time it is asked anew, since it is asked once. */
    static JournalKeys.Unwrapper kms(AwsConfig config) {
        return wrapped -> {
            try (KeyService kms = new SdkKeyService(config)) {
                return kms.decrypt(null, wrapped, Map.of());
            }
        };
    }
}
