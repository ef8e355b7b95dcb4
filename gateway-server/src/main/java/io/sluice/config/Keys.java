package io.sluice.config;

import io.sluice.common.Networks;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.http.HttpConfig;
import io.sluice.http.ProxyConfig;
import io.sluice.http.TlsConfig;
import io.sluice.journal.JournalConfig;
import io.sluice.privacy.period.Period;
import io.sluice.ring.RingConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Every key but those of the stream groups, in the order of the file. {@code config/sluice.yaml} derives the defaults.
 */
final class Keys {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** A body is decoded at once, on the loop: a larger one would keep its other connections waiting. */
    private static final long MOST_BODY = 256 * KIB;

    private static final List<Key<?>> ALL = new ArrayList<>();

    static final Key<Path> DATA =
            key("data", Values.path("a directory, made if it is missing"), "./data", SluiceConfig::dataDirectory);

    static final Key<String> HTTP_HOST =
            key("http.host", host(), "127.0.0.1", c -> c.http().host());
    static final Key<Integer> HTTP_PORT =
            key("http.port", port(), "8080", c -> c.http().port());
    static final Key<HttpConfig.Transport> HTTP_TRANSPORT = key(
            "http.transport",
            Values.oneOf(HttpConfig.Transport.class),
            Values.AUTO,
            c -> c.http().transport(),
            c -> Values.word(c.http().transport().chosen()));
    static final Key<Integer> HTTP_LOOPS = key(
            "http.loops", Values.numberOrAuto(1, 64), Values.AUTO, c -> c.http().loops());
    static final Key<Long> HTTP_MAX_LINE = key("http.max-line", Values.bytes(256, 64 * KIB), "8KiB", c ->
            (long) c.http().maxLineBytes());
    static final Key<Long> HTTP_MAX_HEADERS = key("http.max-headers", Values.bytes(KIB, 256 * KIB), "16KiB", c ->
            (long) c.http().maxHeaderBytes());
    static final Key<Long> HTTP_MAX_BODY = key("http.max-body", Values.bytes(KIB, MOST_BODY), "256KiB", c ->
            (long) c.http().maxBodyBytes());
    static final Key<Duration> HTTP_IDLE_TIMEOUT =
            key("http.idle-timeout", between("1s", "1h"), "65s", c -> c.http().idleTimeout());
    static final Key<Duration> HTTP_ADMISSION_TIMEOUT = key(
            "http.admission-timeout",
            between("10ms", "60s"),
            "2s",
            c -> c.http().admissionTimeout());
    static final Key<Integer> HTTP_MAX_PIPELINED = key(
            "http.max-pipelined", Values.number(1, 1024), "64", c -> c.http().maxPipelined());
    static final Key<Integer> HTTP_MAX_STREAMS =
            key("http.max-streams", Values.number(1, 1024), "128", c -> c.http().maxStreams());
    static final Key<Integer> HTTP_MAX_CONNECTIONS = key(
            "http.max-connections",
            Values.numberOrAuto(16, 1_000_000),
            Values.AUTO,
            c -> c.http().limits().connections());
    static final Key<Integer> HTTP_MAX_ADDRESS_CONNECTIONS = key(
            "http.max-connections-per-address",
            Values.number(1, 1_000_000),
            "1024",
            c -> c.http().limits().connectionsOfAddress());
    static final Key<Integer> HTTP_MAX_REQUESTS = key(
            "http.max-requests",
            Values.number(1, 1_000_000_000),
            "1000000",
            c -> c.http().limits().requests());
    static final Key<Integer> HTTP_MAX_HEADER_FIELDS = key(
            "http.max-header-fields",
            Values.number(16, 1024),
            "128",
            c -> c.http().limits().fields());
    static final Key<Duration> HTTP_FIRST_BYTE_TIMEOUT = key(
            "http.first-byte-timeout",
            between("100ms", "1h"),
            "15s",
            c -> c.http().limits().firstByte());
    static final Key<Duration> HTTP_HEADER_TIMEOUT = key(
            "http.header-timeout",
            between("100ms", "1h"),
            "10s",
            c -> c.http().limits().head());
    static final Key<Duration> HTTP_BODY_TIMEOUT = key(
            "http.body-timeout",
            between("100ms", "1h"),
            "60s",
            c -> c.http().limits().body());
    static final Key<Long> HTTP_MIN_BODY_RATE = key("http.min-body-rate", Values.bytes(0, MIB), "1KiB", c ->
            (long) c.http().limits().bodyBytesPerSecond());
    static final Key<Long> HTTP_MAX_IN_FLIGHT = key(
            "http.max-in-flight",
            Values.bytesOrAuto(MIB, 64 * GIB),
            Values.AUTO,
            c -> c.http().limits().inFlightBytes(),
            c -> Values.formatBytes(c.http().bodyBudgetBytes() * c.http().loopCount()));
    static final Key<Long> HTTP_MAX_CONNECTION_IN_FLIGHT = key(
            "http.max-in-flight-per-connection",
            Values.bytesOrAuto(KIB, 64 * GIB),
            Values.AUTO,
            c -> c.http().limits().inFlightBytesOfConnection(),
            c -> Values.formatBytes(c.http().connectionBudgetBytes()));
    static final Key<Integer> HTTP_MAX_RESETS = key(
            "http.max-stream-resets",
            Values.number(1, 1_000),
            "10",
            c -> c.http().limits().floods().resetsPerSecond());
    static final Key<Integer> HTTP_MAX_CONTROLS = key(
            "http.max-control-frames",
            Values.number(1, 100_000),
            "50",
            c -> c.http().limits().floods().controlsPerSecond());
    static final Key<Duration> HTTP_DEAR_TIME = key(
            "http.dear-time",
            between("100us", "1s"),
            "2ms",
            c -> c.http().limits().floods().dear());
    static final Key<Integer> HTTP_DEAR_SHARE = key(
            "http.dear-share",
            Values.number(1, 100),
            "25",
            c -> c.http().limits().floods().dearPercent());
    static final Key<Networks> HTTP_PROXY_PROTOCOL = key(
            "http.proxy-protocol",
            Values.networksOr("off", "require"),
            "off",
            c -> c.http().proxies().protocol());
    static final Key<Networks> HTTP_TRUSTED_PROXIES = key(
            "http.trusted-proxies",
            Values.networks(),
            "",
            c -> c.http().proxies().trusted());
    static final Key<ProxyConfig.Field> HTTP_FORWARDED_FIELD = key(
            "http.forwarded-field",
            Values.oneOf(ProxyConfig.Field.class),
            "x-forwarded-for",
            c -> c.http().proxies().field());
    static final Key<String> HTTP_COUNTRY_HEADER = key(
            "http.country-header",
            Values.text("the name of a header field, or nothing", "[A-Za-z0-9_-]{0,64}"),
            "",
            c -> c.http().consent().countryHeader());
    static final Key<List<String>> HTTP_CONSENT_COOKIES = key(
            "http.consent-cookies",
            Values.words("the name of a cookie, or a list of several", "[A-Za-z0-9_.!#$%&'*+^`|~-]{1,64}"),
            "",
            c -> c.http().consent().cookies());
    static final Key<Integer> TLS_PORT =
            key("http.tls.port", portOrNone(), "", c -> c.http().tls().port());
    static final Key<String> TLS_HOST = key(
            "http.tls.host",
            Values.text("an address or a host name, or nothing for http.host", "[A-Za-z0-9.:%_-]{0,253}"),
            "",
            c -> c.http().tls().host());
    static final Key<List<Path>> TLS_CERTIFICATE = key(
            "http.tls.certificate",
            Values.paths("the path of a PEM file, or a list of several"),
            "",
            c -> c.http().tls().certificates());
    static final Key<List<Path>> TLS_KEY = key(
            "http.tls.key",
            Values.paths("the path of a PEM file, or a list of one for each certificate"),
            "",
            c -> c.http().tls().keys());
    static final Key<Path> TLS_CLIENT_CA = key(
            "http.tls.client-ca",
            Values.pathOrNone("the path of a PEM file, or nothing to ask clients for no certificate"),
            "",
            c -> c.http().tls().clientCa());
    static final Key<TlsConfig.ClientAuthentication> TLS_CLIENT_AUTH = key(
            "http.tls.client-auth",
            Values.oneOf(TlsConfig.ClientAuthentication.class),
            Values.AUTO,
            c -> c.http().tls().clientAuth(),
            c -> c.http().tls().clientCa() == null ? "asked for none" : "require");
    static final Key<Duration> TLS_HANDSHAKE_TIMEOUT = key(
            "http.tls.handshake-timeout",
            between("100ms", "60s"),
            "10s",
            c -> c.http().tls().handshakeTimeout());
    static final Key<Duration> TLS_STRICT_TRANSPORT = key(
            "http.tls.strict-transport",
            between("0s", "8760h"),
            "0s",
            c -> c.http().tls().strictTransport());
    static final Key<Duration> HTTP_DRAIN_DELAY =
            key("http.drain-delay", between("0s", "10m"), "0s", SluiceConfig::drainDelay);

    static final Key<String> ADMIN_HOST =
            key("admin.host", host(), "127.0.0.1", c -> c.admin().host());
    static final Key<Integer> ADMIN_PORT =
            key("admin.port", port(), "9090", c -> c.admin().port());
    static final Key<Path> ADMIN_TOKEN_FILE = key(
            "admin.token-file",
            Values.pathOrNone("the path of a readable file, or nothing if admin.host is a loopback address"),
            "",
            c -> c.admin().tokenFile());

    static final Key<Long> INTAKE_MAX_EVENT = key("intake.max-event", Values.bytes(KIB, MOST_BODY), "256KiB", c ->
            (long) c.intake().maxEventBytes());
    static final Key<Integer> INTAKE_MAX_EVENTS = key(
            "intake.max-events",
            Values.number(1, 1_000_000),
            "10000",
            c -> c.intake().maxEvents());

    static final Key<Duration> INTAKE_TARGET_DELAY = key(
            "intake.target-delay",
            between("10ms", "10s"),
            "200ms",
            c -> c.intake().targetDelay());

    static final Key<Long> BLOCK_LIMIT = key("block.limit", Values.bytes(16 * KIB, 1_024_000), "1000KiB", c ->
            (long) c.intake().blockBytes());
    static final Key<Long> BLOCK_RAW_LIMIT = key("block.raw-limit", Values.bytes(64 * KIB, 256 * MIB), "16MiB", c ->
            (long) c.intake().blockRawBytes());
    static final Key<Duration> BLOCK_LINGER_MAX = key(
            "block.linger-max", between("100ms", "15m"), "1s", c -> c.intake().lingerMax());

    static final Key<JournalConfig.Ack> COMMIT_ACK = key(
            "commit.ack",
            Values.oneOf(JournalConfig.Ack.class),
            "synced",
            c -> c.journal().ack());
    static final Key<Duration> COMMIT_SYNC_INTERVAL = key(
            "commit.sync-interval",
            between("1ms", "10s"),
            "100ms",
            c -> c.journal().syncInterval());
    static final Key<Duration> COMMIT_MAX_DELAY = key(
            "commit.max-delay", between("0s", "100ms"), "500us", c -> c.intake().maxDelay());
    static final Key<Long> COMMIT_FLUSH = key("commit.flush", Values.bytes(KIB, MIB), "64KiB", c ->
            (long) c.intake().flushBytes());
    static final Key<Long> COMMIT_BATCH = key("commit.batch", Values.bytes(256 * KIB, 256 * MIB), "4MiB", c ->
            (long) c.journal().batchBytes());
    static final Key<RingConfig.CommitWait> COMMIT_WAIT = key(
            "commit.wait",
            Values.oneOf(RingConfig.CommitWait.class),
            "park",
            c -> c.ring().commitWait());
    static final Key<Duration> COMMIT_TICKET_TIMEOUT = key(
            "commit.ticket-timeout",
            between("100ms", "60s"),
            "2s",
            c -> c.intake().ticketTimeout());

    static final Key<Integer> RING_TICKETS =
            key("ring.tickets", Values.number(2, 4096), "64", c -> c.ring().tickets());
    static final Key<Long> RING_BYTES = key("ring.bytes", Values.bytesOrAuto(MIB, 2047 * MIB), Values.AUTO, c ->
            (long) c.ring().bytes());

    static final Key<Path> JOURNAL_DIRECTORY = key(
            "journal.directory",
            Values.path("a directory, made if it is missing"),
            "${data}/journal",
            c -> c.journal().root());
    static final Key<Long> JOURNAL_SEGMENT = key("journal.segment", Values.bytes(MIB, GIB), "16MiB", c ->
            (long) c.journal().segmentBytes());
    static final Key<Long> JOURNAL_MAX = key(
            "journal.max",
            Values.bytes(4 * MIB, 1024 * GIB),
            "4GiB",
            c -> c.journal().maxBytes());
    static final Key<JournalConfig.Direct> JOURNAL_DIRECT = key(
            "journal.direct",
            Values.oneOf(JournalConfig.Direct.class),
            Values.AUTO,
            c -> c.journal().direct(),
            c -> c.journal().mayBeDirect() ? "on where the file system takes it" : "off");
    static final Key<Path> JOURNAL_KEY_FILE = key(
            "journal.encryption.key-file",
            Values.pathOrNone("the path of a readable file, or nothing for a journal in plain text"),
            "",
            c -> c.journal().keyFile());
    static final Key<Duration> JOURNAL_KEEP =
            key("journal.keep", between("0s", "720h"), "26h", c -> c.journal().keep());

    static final Key<DeliveryConfig.Destination> DELIVERY_DESTINATION = key(
            "delivery.destination",
            Values.oneOf(DeliveryConfig.Destination.class),
            "local",
            c -> c.delivery().destination());
    static final Key<Path> DELIVERY_LOCAL_DIRECTORY = key(
            "delivery.local.directory",
            Values.path("a directory, made if it is missing"),
            "${data}/s3",
            c -> c.delivery().local().directory());
    static final Key<String> FIREHOSE_REGION = key(
            "delivery.firehose.region",
            Values.text("a region, such as eu-west-1, or nothing for that of the environment", "(?:[a-z0-9-]{1,32})?"),
            "",
            c -> c.delivery().firehose().aws().region());
    static final Key<String> FIREHOSE_ENDPOINT = key(
            "delivery.firehose.endpoint",
            url(),
            "",
            c -> c.delivery().firehose().aws().endpoint());
    static final Key<Duration> FIREHOSE_TIMEOUT = key(
            "delivery.firehose.timeout",
            between("100ms", "2m"),
            "10s",
            c -> c.delivery().firehose().aws().timeout());
    static final Key<Long> FIREHOSE_WINDOW = key(
            "delivery.firehose.window",
            Values.bytesOrAuto(64 * KIB, 16 * GIB),
            Values.AUTO,
            c -> c.delivery().firehose().windowBytes());
    static final Key<FirehoseConfig.Check> FIREHOSE_CHECK = key(
            "delivery.firehose.check",
            Values.oneOf(FirehoseConfig.Check.class),
            "refuse",
            c -> c.delivery().firehose().check());
    static final Key<Path> PARKED_DIRECTORY = key(
            "delivery.parked.directory",
            Values.path("a directory, made if it is missing"),
            "${data}/parked",
            c -> c.delivery().parked().directory());
    static final Key<String> PARKED_BUCKET = key(
            "delivery.parked.bucket", bucket(), "", c -> c.delivery().parked().bucket());
    static final Key<String> PARKED_PREFIX = key(
            "delivery.parked.prefix",
            Groups.PREFIX,
            "parked/",
            c -> c.delivery().parked().prefix());
    static final Key<String> PARKED_KMS_KEY = key(
            "delivery.parked.kms-key", kmsKey(), "", c -> c.delivery().parked().kmsKey());
    static final Key<String> PARKED_ENDPOINT = key(
            "delivery.parked.endpoint",
            url(),
            "",
            c -> c.delivery().parked().aws().endpoint());
    static final Key<Boolean> MANIFESTS_SEND = key(
            "delivery.manifests.send",
            Values.onOff(),
            "on",
            c -> c.delivery().manifests().on());
    static final Key<Duration> MANIFESTS_LINGER = key(
            "delivery.manifests.linger",
            between("0s", "15m"),
            "1s",
            c -> c.delivery().manifests().linger());
    static final Key<String> MANIFESTS_PREFIX = key(
            "delivery.manifests.prefix",
            Groups.PREFIX,
            "manifests/",
            c -> c.delivery().manifests().prefix());
    static final Key<List<String>> MANIFESTS_STREAMS = key(
            "delivery.manifests.streams",
            Groups.STREAMS,
            "sluice-manifests",
            c -> c.delivery().manifests().streams());
    static final Key<Long> MANIFESTS_QUOTA = key(
            "delivery.manifests.quota",
            Groups.QUOTA,
            "5MiB",
            c -> c.delivery().manifests().quotaBytes());
    static final Key<Integer> MANIFESTS_REQUESTS = key(
            "delivery.manifests.requests",
            Groups.REQUESTS,
            "2000",
            c -> c.delivery().manifests().quotaRequests());
    static final Key<Long> DELIVERY_BUFFER_SIZE = key(
            "delivery.buffer-size",
            Values.bytes(MIB, 128 * MIB),
            "32MiB",
            c -> c.delivery().local().bufferBytes());
    static final Key<Duration> DELIVERY_BUFFER_TIME = key(
            "delivery.buffer-time",
            between("0s", "15m"),
            "1s",
            c -> c.delivery().local().bufferTime());
    static final Key<Long> DELIVERY_MEMORY = key(
            "delivery.memory",
            Values.bytes(MIB, 64 * GIB),
            "128MiB",
            c -> c.journal().memoryBytes());
    static final Key<Duration> DELIVERY_DRAIN_TIMEOUT = key(
            "delivery.drain-timeout",
            between("0s", "1h"),
            "20s",
            c -> c.delivery().drainTimeout());

    static final Key<Path> SHOPS_FILE = key(
            "shops.file",
            Values.pathOrNone("the path of a readable file, or nothing for the shop demo alone"),
            "",
            SluiceConfig::shopsFile);

    static final Key<String> PRIVACY_POLICY = key(
            "privacy.policy",
            Values.text("the name of a policy, such as strict", "[a-z0-9-]{2,32}"),
            "strict",
            c -> c.privacy().policy());
    static final Key<List<Path>> PRIVACY_POLICIES = key(
            "privacy.policies",
            Values.paths("the path of a policy file or of a directory of them, or a list of several"),
            "",
            c -> c.privacy().policies());
    static final Key<Period.Length> PSEUDONYMS_PERIOD = key(
            "privacy.pseudonyms.period",
            Values.oneOf(Period.Length.class),
            "month",
            c -> c.pseudonyms().period());
    static final Key<Path> SECRETS_DIRECTORY = key(
            "privacy.secrets.directory",
            Values.path("a directory, made if it is missing"),
            "${data}/secrets",
            c -> c.pseudonyms().directory());
    static final Key<String> SECRETS_BUCKET =
            key("privacy.secrets.bucket", bucket(), "", c -> c.secretsBucket().bucket());
    static final Key<String> SECRETS_PREFIX = key(
            "privacy.secrets.prefix",
            Groups.PREFIX,
            "sluice/secrets/",
            c -> c.secretsBucket().prefix());
    static final Key<String> SECRETS_ENDPOINT = key(
            "privacy.secrets.endpoint", url(), "", c -> c.secretsBucket().s3().endpoint());
    static final Key<String> SECRETS_KMS_KEY =
            key("privacy.secrets.kms-key", kmsKey(), "", c -> c.secretsBucket().key());
    static final Key<Duration> SECRETS_KEEP = key(
            "privacy.secrets.keep",
            between("0s", "8760h"),
            "744h",
            c -> c.pseudonyms().keep());

    static final Key<String> KMS_ENDPOINT =
            key("kms.endpoint", url(), "", c -> c.secretsBucket().kms().endpoint());

    static final Key<String> REJECTED_GROUP = key(
            "rejected-group",
            Groups.NAME,
            "rejected",
            c -> c.groups().get(c.rejectedGroup()).name());

    private Keys() {}

    static List<Key<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    private static Value<String> host() {
        return Values.text("an address or a host name, such as 127.0.0.1, 0.0.0.0 or ::", "[A-Za-z0-9.:%_-]{1,253}");
    }

    private static Value<String> url() {
        return Values.url(
                "a URL such as https://firehose.eu-west-1.api.aws, with a host of letters, digits, hyphens and"
                        + " dots and a port up to 65535 if any, or nothing for the region's own");
    }

    private static Value<String> bucket() {
        return Values.text("the name of a bucket, or nothing", "(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?");
    }

    /** What KMS takes as a {@code KeyId} (Encrypt, API reference). */
    private static Value<String> kmsKey() {
        return Values.text(
                "id, ARN or alias of a KMS key, such as alias/sluice, or nothing", "(?:[a-zA-Z0-9:/_-]{1,2048})?");
    }

    private static Value<Integer> port() {
        return Values.number(0, 65_535);
    }

    /** As {@link #port}, or nothing, which becomes {@link TlsConfig#OFF}. */
    private static Value<Integer> portOrNone() {
        Value<Integer> port = port();
        return Values.orNothing(port, TlsConfig.OFF);
    }

    private static Value<Duration> between(String min, String max) {
        Value<Duration> any = Values.duration(Duration.ZERO, Duration.ofDays(365));
        return Values.duration(any.parse(min), any.parse(max));
    }

    private static <T> Key<T> key(String name, Value<T> takes, String byDefault, Function<SluiceConfig, T> effective) {
        return key(name, takes, byDefault, effective, null);
    }

    private static <T> Key<T> key(
            String name,
            Value<T> takes,
            String byDefault,
            Function<SluiceConfig, T> effective,
            Function<SluiceConfig, String> automatic) {
        Key<T> key = new Key<>(name, takes, byDefault, effective, automatic);
        ALL.add(key);
        return key;
    }
}
