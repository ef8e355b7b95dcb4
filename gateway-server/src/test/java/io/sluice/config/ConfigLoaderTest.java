package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.aws.AwsConfig;
import io.sluice.common.Networks;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.http.ConsentConfig;
import io.sluice.http.HttpConfig;
import io.sluice.http.LimitsConfig;
import io.sluice.http.ProxyConfig;
import io.sluice.http.TlsConfig;
import io.sluice.journal.JournalConfig;
import io.sluice.journal.JournalKeys;
import io.sluice.privacy.PrivacyConfig;
import io.sluice.privacy.period.FixedSecret;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    private static final Machine TWO_CORES = new Machine(2, 8L << 30, 2L << 30, 2L << 30, 1 << 19);

    @TempDir
    private Path directory;

    @Test
    void defaultsSuitOneMachine() throws Exception {
        SluiceConfig config = new ConfigLoader().load(TWO_CORES);

        assertThat(config.http())
                .isEqualTo(new HttpConfig(
                        "127.0.0.1",
                        8080,
                        HttpConfig.Transport.AUTO,
                        2,
                        8 << 10,
                        16 << 10,
                        256 << 10,
                        Duration.ofSeconds(65),
                        Duration.ofSeconds(2),
                        64,
                        128,
                        TlsConfig.NONE,
                        ConsentConfig.NONE,
                        ProxyConfig.NONE,
                        LimitsConfig.DEFAULT));
        assertThat(config.admin().port()).isEqualTo(9090);
        assertThat(config.journal())
                .isEqualTo(new JournalConfig(
                        Path.of("data/journal"),
                        16 << 20,
                        4L << 30,
                        JournalConfig.Direct.AUTO,
                        JournalConfig.Ack.SYNCED,
                        Duration.ofMillis(100),
                        4 << 20,
                        128 << 20,
                        null,
                        JournalKeys.NONE,
                        Duration.ofHours(26),
                        true));
        assertThat(config.ring().tickets()).isEqualTo(64);
        assertThat(config.ring().bytes()).isEqualTo(32 << 20);
        assertThat(config.intake().blockBytes()).isEqualTo(1_024_000);
        assertThat(config.intake().maxDelay()).isEqualTo(Duration.ofNanos(500_000));
        assertThat(config.delivery().destination()).isEqualTo(DeliveryConfig.Destination.LOCAL);
        assertThat(config.delivery().local().directory()).isEqualTo(Path.of("data/s3"));
        assertThat(config.groups())
                .containsExactly(
                        new StreamGroup(0, "events", Encoding.GZIP, 1, "sluice-events", "events/"),
                        new StreamGroup(1, "rejected", Encoding.GZIP, 1, "sluice-rejected", "rejected/"));
        assertThat(config.rejectedGroup()).isEqualTo(1);
        assertThat(config.shopsFile()).isNull();
        assertThat(config.privacy()).isEqualTo(new PrivacyConfig("strict", List.of()));
    }

    @Test
    void defaultsFitMachinesOfAllSizes() throws Exception {
        for (int processors = 1; processors <= 192; processors++) {
            long memory = Math.max(2L << 30, processors * (1L << 30));
            Machine machine = new Machine(processors, memory, memory / 4, memory / 4, 1 << 20);

            SluiceConfig config = new ConfigLoader().load(machine);

            assertThat((long) config.ring().bytes())
                    .isGreaterThanOrEqualTo(Rules.leastRing(config.http(), config.intake(), config.groups()));
        }
    }

    @Test
    void aLaterSourceOverridesAnEarlierOne() throws Exception {
        Path file = file("http: {port: 1, host: 0.0.0.0, loops: 3}\nadmin: {port: 2}\n");

        SluiceConfig config = new ConfigLoader()
                .file(file)
                .environment(Map.of("SLUICE_HTTP_PORT", "11", "SLUICE_ADMIN_PORT", "12"))
                .option("--port", "http.port", 21)
                .option("--admin-port", "admin.port", null)
                .load(TWO_CORES);

        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.http().loops()).isEqualTo(3);
        assertThat(config.http().port()).isEqualTo(21);
        assertThat(config.admin().port()).isEqualTo(12);
    }

    @Test
    void directoriesFollowTheDataDirectoryUnlessTheyHaveTheirOwn() throws Exception {
        SluiceConfig config = new ConfigLoader()
                .file(file("delivery: {local: {directory: /elsewhere}}\n"))
                .option("--data", "data", "/var/lib/sluice")
                .load(TWO_CORES);

        assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/lib/sluice"));
        assertThat(config.journal().root()).isEqualTo(Path.of("/var/lib/sluice/journal"));
        assertThat(config.delivery().local().directory()).isEqualTo(Path.of("/elsewhere"));
    }

    @Test
    void everyVariableReachesItsKey() throws Exception {
        for (Key<?> key : Keys.all()) {
            List<Problem> problems = problemsOf(new ConfigLoader().environment(Map.of(key.variable(), "\u0000")));

            assertThat(problems).as(key.name()).anySatisfy(problem -> {
                assertThat(problem.key()).isEqualTo(key.name());
                assertThat(problem.source()).isEqualTo("environment " + key.variable());
            });
        }
    }

    @Test
    void variablesOfScriptsAndOfKubernetesAreLeftAlone() throws Exception {
        SluiceConfig config = new ConfigLoader()
                .environment(Map.of(
                        "SLUICE_JAVA_HOME", "/jdk",
                        "SLUICE_LOG_LEVEL", "debug",
                        "SLUICE_SERVICE_HOST", "10.0.0.1",
                        "SLUICE_SERVICE_PORT_HTTP", "80",
                        "SLUICE_PORT", "tcp://10.0.0.1:80",
                        "SLUICE_PORT_80_TCP_ADDR", "10.0.0.1",
                        "SLUICE_HTTP_PORT", " ",
                        "SHELL", "sh"))
                .load(TWO_CORES);

        assertThat(config.http().port()).isEqualTo(8080);
    }

    @Test
    void aVariableThatNobodyReadsIsAMistake() {
        assertThat(problemsOf(new ConfigLoader().environment(Map.of("SLUICE_CONFIG", "/etc/sluice.yaml"))))
                .singleElement()
                .extracting(Problem::source)
                .isEqualTo("environment SLUICE_CONFIG");
    }

    @Test
    void aListOfGroupsReplacesTheDefault() throws Exception {
        SluiceConfig config = new ConfigLoader()
                .file(file("""
                        rejected-group: bad
                        groups:
                          - {name: all, encoding: zstd, level: 3}
                          - {name: big, prefix: big/shops/, stream: big}
                          - {name: bad, encoding: ndjson}
                        """))
                .environment(Map.of("SLUICE_GROUPS_1_LEVEL", "9"))
                .load(TWO_CORES);

        assertThat(config.groups())
                .containsExactly(
                        new StreamGroup(0, "all", Encoding.ZSTD, 3, "sluice-all", "all/"),
                        new StreamGroup(1, "big", Encoding.GZIP, 9, "big", "big/shops/"),
                        new StreamGroup(2, "bad", Encoding.NDJSON, 1, "sluice-bad", "bad/"));
        assertThat(config.rejectedGroup()).isEqualTo(2);
    }

    @Test
    void fourLinesNameTheStreamsOfFirehose() throws Exception {
        SluiceConfig config = new ConfigLoader().file(file("""
                        delivery:
                          destination: firehose
                          firehose:
                            region: eu-central-1
                        """)).load(TWO_CORES);

        FirehoseConfig firehose = config.delivery().firehose();
        assertThat(config.delivery().destination()).isEqualTo(DeliveryConfig.Destination.FIREHOSE);
        assertThat(firehose.aws()).isEqualTo(new AwsConfig("eu-central-1", "", Duration.ofSeconds(10)));
        assertThat(firehose.check()).isEqualTo(FirehoseConfig.Check.REFUSE);
        assertThat(firehose.windowBytes()).isEqualTo(32 << 20);
        assertThat(firehose.groups())
                .containsExactly(
                        new FirehoseConfig.Group("events", Encoding.GZIP, List.of("sluice-events"), 5 << 20, 2000),
                        new FirehoseConfig.Group("rejected", Encoding.GZIP, List.of("sluice-rejected"), 5 << 20, 2000),
                        new FirehoseConfig.Group(
                                "manifests", Encoding.GZIP, List.of("sluice-manifests"), 5 << 20, 2000));
        assertThat(config.delivery().parked().directory()).isEqualTo(Path.of("data/parked"));
        assertThat(config.delivery().parked().bucket()).isEmpty();
    }

    @Test
    void whereManifestsAreOffTheirGroupHasNoStreams() throws Exception {
        SluiceConfig config = new ConfigLoader()
                .file(file("delivery: {manifests: {send: off, streams: [sluice-events]}}\n"))
                .load(TWO_CORES);
        assertThat(config.delivery().manifests().on()).isFalse();
        assertThat(config.delivery().firehose().groups())
                .extracting(FirehoseConfig.Group::name)
                .containsExactly("events", "rejected");
        assertThat(new ConfigLoader().file(file(config.toYaml())).load(TWO_CORES))
                .isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | a",
                "a, b | a,b",
                "a b | a,b",
                "events-{1..3} | events-1,events-2,events-3",
                "x, events-{09..11}-eu | x,events-09-eu,events-10-eu,events-11-eu",
                "[a, b] | a,b",
                "['e-{1..2}', x] | e-1,e-2,x",
            })
    void streamsOfAGroupAreAListOrARange(String yaml, String expected) throws Exception {
        String value = yaml.startsWith("[") ? yaml : '"' + yaml + '"';
        SluiceConfig config = new ConfigLoader()
                .file(file("groups:\n  - {name: e, streams: " + value + "}\n  - {name: rejected}\n"))
                .load(TWO_CORES);

        assertThat(config.delivery().firehose().groups().getFirst().streams()).containsExactly(expected.split(","));
        assertThat(new ConfigLoader().file(file(config.toYaml())).load(TWO_CORES))
                .isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "groups[0].streams | a, a | different names",
                "groups[0].streams | a/b | different names",
                "groups[0].streams | a-{3..1} | different names",
                "groups[0].streams | sluice-rejected | another one than the groups before it have",
                "groups[0].name | manifests | another name, since that is the group of the manifests",
                "groups[0].prefix | manifests/ | another one than the groups before it have",
                "delivery.manifests.streams | sluice-events | another one than the groups before it have",
                "delivery.manifests.send | yes | on or off",
                "groups[0].quota | 1MiB | a quarter second of the quota of each stream, 256KiB for the group events",
                "delivery.firehose.endpoint | firehose.test | a URL such as",
                "delivery.firehose.endpoint | http://lab_1:4566 | a host of letters, digits, hyphens and dots",
                "delivery.firehose.endpoint | http://lab:99999 | a port up to 65535",
                "delivery.firehose.endpoint | http://lab:0 | a port up to 65535",
                "delivery.firehose.endpoint | ftp://lab | a URL such as",
                "delivery.firehose.endpoint | http://lab/path | a URL such as",
                "delivery.firehose.window | 1MiB | at least one call, 4 times block.limit: 4000KiB",
                "delivery.firehose.window | 1GiB | at most a quarter of the heap, 512 MiB",
                "delivery.parked.bucket | No_Bucket | the name of a bucket",
            })
    void whatFirehoseWouldNotTakeIsSaidAtStart(String key, String value, String expected) {
        List<Problem> problems = problemsOf(new ConfigLoader()
                .option("test", "delivery.destination", "firehose")
                .option("test", key, value));

        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().expected()).contains(expected);
    }

    @Test
    void aDefaultGroupCanBeChangedByVariable() throws Exception {
        SluiceConfig config = new ConfigLoader()
                .environment(Map.of("SLUICE_GROUPS_0_ENCODING", "zstd"))
                .load(TWO_CORES);

        assertThat(config.groups().getFirst().encoding()).isEqualTo(Encoding.ZSTD);
        assertThat(config.groups()).hasSize(2);
    }

    @Test
    void everyProblemIsInOneReportWithKeyValueExpectationAndSource() throws Exception {
        Path file = file("""
                http:
                  prot: 80
                  max-body: lots
                block:
                  limit: 2MiB
                nonsense: true
                """);

        InvalidConfig invalid = catchThrowableOfType(
                InvalidConfig.class,
                () -> new ConfigLoader()
                        .file(file)
                        .environment(Map.of("SLUICE_HTTP_PROT", "1"))
                        .option("--port", "http.port", 99_999)
                        .load(TWO_CORES));

        assertThat(invalid.problems()).hasSize(6);
        assertThat(invalid).hasMessage("""
                        6 problems in the configuration:

                          FILE:2: http.prot
                              no such key; did you mean http.port?

                          FILE:3: http.max-body = lots
                              expected a size from 1KiB to 256KiB, such as 64KiB or 16MiB

                          FILE:5: block.limit = 2MiB
                              expected a size from 16KiB to 1000KiB, such as 64KiB or 16MiB

                          FILE:6: nonsense
                              no such key; there are data, http, admin, intake, block, commit, ring, journal, delivery, \
                        shops, privacy, kms, rejected-group, groups

                          environment SLUICE_HTTP_PROT
                              no key belongs to this variable; did you mean SLUICE_HTTP_PORT for http.port?

                          option --port: http.port = 99999
                              expected a whole number from 0 to 65,535
                        """.replace("FILE", file.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http.max_body: 1MiB             | http.max_body     | did you mean",
                "`http: {linger-max: 1s}`        | http.linger-max   | did you mean block.linger-max?",
                "http: 8080                      | http              | expected a section with the keys host, port",
                "`http: {port: [1, 2]}`          | http.port         | expected a whole number",
                "`http: {port: -1}`              | http.port         | expected a whole number from 0",
                "`http: {port: 80.5}`            | http.port         | expected a whole number",
                "`http: {idle-timeout: 65}`      | http.idle-timeout | expected a duration",
                "`http: {max-body: 256 Kb}`      | http.max-body     | expected a size",
                "`http: {transport: EPOLL}`      | http.transport    | expected one of auto, epoll, io-uring, nio",
                "`http: {host: a b}`             | http.host         | expected an address",
                "`commit: {ack: maybe}`          | commit.ack        | expected one of synced, written",
                "groups: gzip                    | groups            | expected a list",
                "`groups: [gzip, zstd]`          | groups[0]         | expected a section with the keys name, encoding",
                "`groups: [{name: A}]`           | groups[0].name    | expected 1 to 64 of a-z",
                "`groups: [{encoding: gzip}]`    | groups[0].name    | expected a name",
                "`groups: [{name: a, lvel: 1}]`  | groups[0].lvel    | did you mean groups[0].level?",
                "`groups: [{name: a, prefix: ../}]` | groups[0].prefix | expected words",
                "`groups: [{name: a, level: 10}]`   | groups[0].level | expected a whole number from 1 to 9",
                "`groups: [{name: a}, {name: a}]`   | groups[1].name  | expected another one",
                "`groups: [{name: a}, {name: b, stream: sluice-a}]` | groups[1].stream | expected another one",
                "`groups: [{name: a}, {name: b, prefix: a/}]`       | groups[1].prefix | expected another one",
                "`groups: [{name: rejected}, {name: b}]`  | rejected-group      | but the first",
                "`groups: [{name: rejected}]`             | rejected-group      | at least two groups",
                "rejected-group: nobody                   | rejected-group      | but the first",
                "`admin: {port: 8080}`                    | admin.port          | another port than http.port",
                "`http: {max-body: 128KiB}`               | intake.max-event    | at most http.max-body, 128KiB",
                "`block: {limit: 256KiB}`                 | block.limit         | at least twice intake.max-event, 512KiB",
                "`block: {raw-limit: 64KiB}`              | block.raw-limit     | at least block.limit, 1000KiB",
                "`commit: {batch: 1MiB}`                  | commit.batch        | at least 3100KiB, the largest ticket",
                "`ring: {bytes: 16MiB}`                   | ring.bytes          | at least 24793KiB: for each of 2 loops 4",
                "`journal: {segment: 4MiB}`               | journal.segment     | more than commit.batch, 4MiB",
                "`journal: {segment: 16777217B}`          | journal.segment     | a multiple of 4KiB",
                "`journal: {max: 32MiB}`                  | journal.max         | at least 4 segments, 64MiB",
                "`journal: {directory: x/s3/y}\ndelivery: {local: {directory: x/s3}}` | delivery.local.directory | apart",
                "`delivery: {memory: 2GiB}`               | ring.bytes          | direct buffers that fit",
                "`http: {max-in-flight: 4GiB}`            | ring.bytes          | http.max-body or http.max-in-flight",
                "`journal: {encryption: {key-file: /no/key}}` | journal.encryption.key-file | a readable file",
                "`admin: {host: 0.0.0.0}`                 | admin.host          | or a token in admin.token-file",
                "`admin: {host: '::'}`                    | admin.host          | or a token in admin.token-file",
                "`admin: {host: 192.0.2.1}`               | admin.host          | or a token in admin.token-file",
                "`http: {tls: {port: 443, certificate: c, key: k, client-auth: require}}` | http.tls.client-auth | auto, or",
                "`http: {max-body: 128KiB}`               | intake.max-event    | at most http.max-body, 128KiB",
                "`admin: {token-file: nowhere}`           | admin.token-file    | the path of a readable file",
                "`http: {tls: {port: 70000}}`             | http.tls.port       | to 65,535, or nothing",
                "`http: {proxy-protocol: on}`             | http.proxy-protocol | off, require, or networks such as",
                "`http: {proxy-protocol: [off, 10.0.0.0/8]}` | http.proxy-protocol | off, require, or networks such as",
                "`http: {trusted-proxies: [10.0.0.1/8]}`  | http.trusted-proxies | networks such as 10.0.0.0/8",
                "`http: {forwarded-field: x-real-ip}`     | http.forwarded-field | x-forwarded-for, forwarded",
                "`http: {max-in-flight: 1MiB}`            | http.max-in-flight  | at least 2MiB: for each of 2 loops 4",
                "`http: {max-in-flight-per-connection: 64KiB}` | http.max-in-flight-per-connection | from http.max-body, 256KiB",
                "`http: {max-in-flight-per-connection: 17MiB}` | http.max-in-flight-per-connection | may hold, 16MiB",
                "`http: {country-header: CF-IPCountry}`   | http.trusted-proxies | the networks of those that write http.country-header",
                "`http: {max-connections: 1000000}`       | http.max-connections | auto, or at most 523776",
                "`intake: {target-delay: 2s}`             | intake.target-delay | less than commit.ticket-timeout",
                "`http: {tls: {port: 1}}`                 | http.tls.certificate | expected a file",
                "`http: {tls: {certificate: a, key: b}}`  | http.tls.port       | expected a port",
                "`http: {tls: {port: 1, certificate: [a, b], key: c}}` | http.tls.key | as many as http.tls.certificate has, 2",
                "`http: {tls: {port: 8080, certificate: a, key: b}}`   | http.tls.port | another port than http.port",
                "`http: {tls: {certificate: {a: b}}}`     | http.tls.certificate | or a list of several",
                "`shops: {file: /no/such/file}`           | shops.file          | a readable file",
                "`http: {port: 1}\nhttp: {port: 2}`       | http                | stands in this section before",
                "`http: {port: 1, port: 2}`               | http.port           | stands in this section before",
                "`http: {port: 1`                         | ``                  | expected YAML, but",
                "`- a`                                    | ``                  | expected sections",
                "`{[a]: b}`                               | ``                  | plain words",
            })
    void aMistakeIsNamed(String yaml, String key, String expected) throws Exception {
        List<Problem> problems = problemsOf(new ConfigLoader().file(file(yaml)));

        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.expected()).contains(expected);
            assertThat(problem.source()).contains(directory.toString());
        });
    }

    @Test
    void theKeysOfTheJournalComeFromAFileOrFromTheEnvironmentAndAreNeverPrinted() throws Exception {
        String key = "0f".repeat(32);
        Path keyFile = Files.writeString(directory.resolve("key"), key);
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        SluiceConfig fromFile = new ConfigLoader()
                .file(file("journal: {encryption: {key-file: \"" + keyFile + "\"}}"))
                .load(TWO_CORES);
        SluiceConfig fromEnvironment = new ConfigLoader()
                .environment(Map.of("SLUICE_JOURNAL_ENCRYPTION_KEY", key))
                .load(TWO_CORES);
        assertThat(fromFile.journal().keys()).isEqualTo(JournalKeys.parse(key));
        assertThat(fromEnvironment.journal().keys()).isEqualTo(JournalKeys.parse(key));
        assertThat(fromFile.toYaml() + fromFile + fromEnvironment.toYaml() + fromEnvironment)
                .contains(keyFile.toString())
                .doesNotContain(key);
        assertThat(problemsOf(new ConfigLoader()
                        .file(file("journal: {encryption: {key-file: \"" + keyFile + "\"}}"))
                        .environment(Map.of("SLUICE_JOURNAL_ENCRYPTION_KEY", key))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.expected()).contains("no SLUICE_JOURNAL_ENCRYPTION_KEY"));
    }

    @Test
    void aKeyOfTheJournalMayBeWrappedByKms() throws Exception {
        String wrapped = "kms:" + Base64.getEncoder().encodeToString("wrapped".getBytes(StandardCharsets.US_ASCII));
        ConfigLoader loader = new ConfigLoader()
                .file(file("kms: {endpoint: 'http://localhost:1'}"))
                .environment(Map.of("SLUICE_JOURNAL_ENCRYPTION_KEY", wrapped + " " + "0f".repeat(32)));

        SluiceConfig config = loader.kms(kms -> bytes -> {
                    assertThat(kms.endpoint()).isEqualTo("http://localhost:1");
                    assertThat(bytes).asString().isEqualTo("wrapped");
                    return HexFormat.of().parseHex("ab".repeat(32));
                })
                .load(TWO_CORES);

        assertThat(config.journal().keys()).isEqualTo(JournalKeys.parse("ab".repeat(32) + "\n" + "0f".repeat(32)));
        assertThat(problemsOf(loader.kms(kms -> bytes -> {
                    throw new IOException("KMS Decrypt: AccessDeniedException");
                })))
                .singleElement()
                .satisfies(problem -> assertThat(problem.expected())
                        .contains("cannot be unwrapped: KMS Decrypt: AccessDeniedException"));
    }

    @Test
    void theSecretOfTheEnvironmentIsForAllTimeAndNeverPrinted() throws Exception {
        String secret = "0f".repeat(32);
        Map<String, String> environment = Map.of("SLUICE_PSEUDONYM_SECRET", secret);

        SluiceConfig config = new ConfigLoader()
                .file(file("privacy: {pseudonyms: {period: never}}"))
                .environment(environment)
                .load(TWO_CORES);

        assertThat(config.pseudonyms().fixed()).isEqualTo(FixedSecret.parse(secret, "here"));
        assertThat(config.toYaml() + config).doesNotContain(secret);
        assertThat(problemsOf(new ConfigLoader().environment(environment)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.key()).isEqualTo("privacy.pseudonyms.period"));
        assertThat(problemsOf(new ConfigLoader()
                        .environment(Map.of(
                                "SLUICE_PSEUDONYM_SECRET", "secret!", "SLUICE_PRIVACY_PSEUDONYMS_PERIOD", "never"))))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).contains("7 characters").doesNotContain("secret!"));
    }

    @Test
    void secretsInABucketAreWrapped() throws Exception {
        assertThat(problemsOf(new ConfigLoader().file(file("privacy: {secrets: {bucket: b-1}}"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.key()).isEqualTo("privacy.secrets.kms-key"));
        SluiceConfig config = new ConfigLoader()
                .file(file("privacy: {secrets: {bucket: b-1, kms-key: alias/sluice}}"))
                .load(TWO_CORES);
        assertThat(config.secretsBucket().key()).isEqualTo("alias/sluice");
    }

    @Test
    void whatIsNoKeyIsReportedWithoutBeingShown() throws Exception {
        String secret = "0f".repeat(31);
        Path keyFile = Files.writeString(directory.resolve("key"), secret);
        assertThat(problemsOf(new ConfigLoader().file(file("journal: {encryption: {key-file: \"" + keyFile + "\"}}"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("journal.encryption.key-file")
                        .contains("32 bytes")
                        .doesNotContain(secret));
        assertThat(problemsOf(new ConfigLoader().environment(Map.of("SLUICE_JOURNAL_ENCRYPTION_KEY", secret))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("SLUICE_JOURNAL_ENCRYPTION_KEY")
                        .doesNotContain(secret));
    }

    @Test
    void encodersMustFitALoop() throws Exception {
        List<Problem> problems = problemsOf(
                new ConfigLoader()
                        .file(
                                file(
                                        "groups: [{name: a, encoding: zstd, level: 19}, {name: rejected, encoding: zstd, level: 19}]")));

        assertThat(problems)
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.expected()).contains("at most 64MiB a loop together, but these take 72MiB"));
    }

    @Test
    void thereAreAtMost64Groups() throws Exception {
        StringBuilder yaml = new StringBuilder("commit: {batch: 8MiB}\nrejected-group: g1\ngroups:\n");
        for (int i = 0; i < 64; i++) {
            yaml.append("  - name: g").append(i).append('\n');
        }
        assertThat(new ConfigLoader()
                        .file(file(yaml.toString()))
                        .load(TWO_CORES)
                        .groups())
                .hasSize(64);

        assertThat(problemsOf(new ConfigLoader().file(file(yaml + "  - name: g64\n"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.expected()).contains("at most 64"));
    }

    @Test
    void theSumOfMemoryMustFitTheMachine() {
        Machine small = new Machine(2, 320L << 20, 300L << 20, 300L << 20, 1 << 20);

        InvalidConfig invalid = catchThrowableOfType(InvalidConfig.class, () -> new ConfigLoader().load(small));

        assertThat(invalid.problems())
                .anySatisfy(problem -> assertThat(problem.expected())
                        .contains("320 MiB of this machine", "heap 300", "arenas 32", "encoders 2"));
    }

    @Test
    void aFileThatIsMissingOrNoTextIsAProblem() throws Exception {
        Path latin1 = Files.write(directory.resolve("latin1.yaml"), new byte[] {'#', (byte) 0xe4, '\n'});

        assertThat(problemsOf(new ConfigLoader().file(directory.resolve("none"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.expected()).contains("there is none"));
        assertThat(problemsOf(new ConfigLoader().file(latin1)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.expected()).contains("UTF-8"));
    }

    @Test
    void aDefaultThatDoesNotGoWithWhatWasSetPointsThere() throws Exception {
        assertThat(problemsOf(new ConfigLoader().file(file("http: {max-body: 100kB}"))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.key()).isEqualTo("intake.max-event");
                    assertThat(problem.value()).isEqualTo("256KiB (the default)");
                    assertThat(problem.source()).endsWith("sluice.yaml:1");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "http:\n", "http:\n  port:\n", "groups:\n", "---\n"})
    void whatIsEmptyLeavesTheDefaults(String yaml) throws Exception {
        assertThat(new ConfigLoader().file(file(yaml)).load(TWO_CORES)).isEqualTo(new ConfigLoader().load(TWO_CORES));
    }

    @Test
    void aliasesThatMultiplyAreNotFollowed() throws Exception {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            yaml.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }

        assertThat(problemsOf(new ConfigLoader().file(file(yaml.toString())))).isNotEmpty();
    }

    @Test
    void theEffectiveConfigurationGivesItselfAgain() throws Exception {
        SluiceConfig config = new ConfigLoader()
                .file(file("""
                        data: "a dir: with # signs"
                        http: {host: "::", max-body: 200000B, max-line: 9000B, idle-timeout: 90s, transport: io-uring}
                        intake: {max-event: 100000B}
                        commit: {max-delay: 0s}
                        groups: [{name: a, encoding: zstd, level: 4, prefix: x/y=1/}, {name: rejected}]
                        """.replace("transport: io-uring}", """
                        transport: io-uring, tls: {port: 443, certificate: [a.pem, "b c.pem"], key: "a.key, b.key",
                          client-ca: ca.pem, client-auth: optional, handshake-timeout: 5s, strict-transport: 8760h}}
                        """.strip())))
                .load(TWO_CORES);

        assertThat(config.http().tls().certificates()).containsExactly(Path.of("a.pem"), Path.of("b c.pem"));
        assertThat(config.http().tls().keys()).containsExactly(Path.of("a.key"), Path.of("b.key"));
        assertThat(new ConfigLoader().file(file(config.toYaml())).load(TWO_CORES))
                .isEqualTo(config);
    }

    @Test
    void proxiesAreNetworks() throws Exception {
        SluiceConfig config = new ConfigLoader().file(file("""
                        http:
                          proxy-protocol: [10.1.0.0/16]
                          trusted-proxies: [10.0.0.0/8, "fd00::/8"]
                          forwarded-field: forwarded
                        """)).load(TWO_CORES);

        assertThat(config.http().proxies())
                .isEqualTo(new ProxyConfig(
                        Networks.of("10.1.0.0/16"),
                        Networks.of("10.0.0.0/8", "fd00::/8"),
                        ProxyConfig.Field.FORWARDED));
        assertThat(new ConfigLoader().file(file(config.toYaml())).load(TWO_CORES))
                .isEqualTo(config);
        assertThat(new ConfigLoader()
                        .environment(Map.of("SLUICE_HTTP_PROXY_PROTOCOL", "require"))
                        .load(TWO_CORES)
                        .http()
                        .proxies()
                        .protocol())
                .isEqualTo(Networks.ALL);
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("sluice.yaml"), yaml);
    }

    private static List<Problem> problemsOf(ConfigLoader loader) {
        InvalidConfig invalid = catchThrowableOfType(InvalidConfig.class, () -> loader.load(TWO_CORES));
        assertThat(invalid).isNotNull();
        return invalid.problems();
    }
}
