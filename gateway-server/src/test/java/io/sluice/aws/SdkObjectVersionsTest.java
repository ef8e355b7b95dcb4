package io.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.aws.ObjectVersions.Version;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Moto;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/** The real SDK against moto. */
@Timeout(120)
@ExtendWith(CleanLog.class)
class SdkObjectVersionsTest {

    private static Moto moto;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("aws.disableEc2Metadata", "true");
        moto = Moto.start();
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.disableEc2Metadata");
        if (moto != null) {
            moto.close();
        }
    }

    private static SdkObjectVersions versions(int pageKeys) {
        return new SdkObjectVersions(
                new AwsConfig(Moto.REGION, moto.endpoint().toString(), Duration.ofSeconds(30)), pageKeys);
    }

    @Test
    void listsEveryVersionOnceWhateverThePage() throws IOException {
        moto.createBucket("pages");
        moto.keepVersions("pages");
        for (String key : List.of("a/1", "a/2", "a/3", "b/1")) {
            for (byte i = 0; i < 3; i++) {
                byte[] bytes = {i};
                moto.s3()
                        .putObject(p -> p.bucket("pages").key(key), AsyncRequestBody.fromBytes(bytes))
                        .join();
            }
        }
        moto.s3().deleteObject(d -> d.bucket("pages").key("a/2")).join();

        Set<String> all = null;
        for (int pageKeys : new int[] {1000, 4, 3, 2, 1}) {
            try (SdkObjectVersions store = versions(pageKeys)) {
                List<Version> listed = new ArrayList<>();
                ObjectVersions.Listing listing = store.list("pages", "a/");
                for (Version version = listing.next(); version != null; version = listing.next()) {
                    listed.add(version);
                }
                assertThat(listed).as("pages of %d", pageKeys).hasSize(10);
                assertThat(listed).extracting(Version::key).isSorted();
                assertThat(listed).filteredOn(Version::newest).hasSize(3);
                assertThat(listed).filteredOn(Version::marker).singleElement().satisfies(marker -> {
                    assertThat(marker.key()).isEqualTo("a/2");
                    assertThat(marker.newest()).isTrue();
                });
                Set<String> ids = listed.stream().map(Version::id).collect(Collectors.toSet());
                assertThat(all == null ? ids : all).isEqualTo(ids);
                all = ids;
            }
        }
    }

    @Test
    void readsAndDeletesTheVersionThatIsMeant() throws IOException {
        moto.createBucket("meant");
        moto.keepVersions("meant");
        try (SdkObjectVersions store = versions(1000)) {
            store.put("meant", "k", new byte[] {1});
            Version first = store.list("meant", "").next();
            String second = store.replace("meant", first, new byte[] {2});
            assertThat(second).isNotEqualTo(first.id());
            try (InputStream in = store.open("meant", first)) {
                assertThat(in.readAllBytes()).containsExactly(1);
            }
            store.delete("meant", first);
            assertThatThrownBy(() -> store.open("meant", first)).isInstanceOf(IOException.class);
            Version left = store.list("meant", "").next();
            assertThat(left.id()).isEqualTo(second);
            assertThat(left.newest()).isTrue();
        }
    }
}
