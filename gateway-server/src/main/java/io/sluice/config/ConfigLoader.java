package io.sluice.config;

import io.sluice.admin.AdminConfig;
import io.sluice.admin.AdminToken;
import io.sluice.aws.AwsConfig;
import io.sluice.aws.BucketSecretsConfig;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.delivery.local.LocalConfig;
import io.sluice.delivery.manifest.ManifestConfig;
import io.sluice.delivery.parked.ParkedConfig;
import io.sluice.http.ConsentConfig;
import io.sluice.http.FloodConfig;
import io.sluice.http.HttpConfig;
import io.sluice.http.LimitsConfig;
import io.sluice.http.ProxyConfig;
import io.sluice.http.TlsConfig;
import io.sluice.intake.BulkConfig;
import io.sluice.intake.IntakeConfig;
import io.sluice.journal.JournalConfig;
import io.sluice.journal.JournalKeys;
import io.sluice.privacy.PrivacyConfig;
import io.sluice.privacy.period.FixedSecret;
import io.sluice.privacy.period.PseudonymConfig;
import io.sluice.record.StreamGroup;
import io.sluice.ring.RingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Gathers the sources of a configuration, each overriding those named before, and makes one {@link SluiceConfig} of
 * them, or one report of everything that is wrong.
 */
public final class ConfigLoader {

    private static final String DATA_REFERENCE = "${data}";
    private static final int MOST_LOOPS_BY_DEFAULT = 64;
    private static final long LEAST_RING_BY_DEFAULT = 32L << 20;

    /** An idle connection takes up to 4 KiB of heap; an eighth of that may be theirs. */
    private static final long HEAP_PER_CONNECTION = 8 * 4096;

    /** For jars, the journal, delivery and the admin port. */
    static final int OTHER_FILES = 512;

    private static final int LEAST_CONNECTIONS = 256;
    private static final int MOST_CONNECTIONS_BY_DEFAULT = 1_000_000;

    /** A block under way takes some 4 times its size: its own array, base64, and the request. */
    private static final long HEAP_PER_WINDOW = 16;

    private static final long LEAST_WINDOW = 4L << 20;
    private static final long MOST_WINDOW_BY_DEFAULT = 32L << 20;

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    /** Keys of the journal that the environment holds, or {@code null}. */
    private String journalKeys;
    /** The secret of pseudonyms that the environment holds, or {@code null}. */
    private String pseudonymSecret;
    /** Makes of where KMS is what asks it. */
    private Function<AwsConfig, JournalKeys.Unwrapper> kms = config -> JournalKeys.NO_KMS;

    private boolean offline;
    private boolean readsToken = true;
    private boolean readsJournalKeys = true;

    public ConfigLoader() {
        Groups.defaults(entries);
    }

    /** A YAML file, which must exist. */
    public ConfigLoader file(Path file) {
        new YamlFile(file, entries, problems).read();
        return this;
    }

    /** Variables, of which those that begin with {@code SLUICE_} are looked at. */
    public ConfigLoader environment(Map<String, String> variables) {
        Environment.read(variables, entries, problems);
        String keys = variables.get(Environment.JOURNAL_KEYS);
        journalKeys = keys == null || keys.isBlank() ? null : keys;
        String secret = variables.get(Environment.PSEUDONYM_SECRET);
        pseudonymSecret = secret == null || secret.isBlank() ? null : secret;
        return this;
    }

    /** Who unwraps keys of the journal; without, such a key is a problem. Blocks when it is loaded. */
    public ConfigLoader kms(Function<AwsConfig, JournalKeys.Unwrapper> kms) {
        this.kms = kms;
        return this;
    }

    /**
     * For tools that neither take nor deliver anything: what only a gateway needs is not asked for, so that a tool may
     * run as another user on another machine. Those are the admin port's token, and that what is configured fits this
     * machine.
     */
    public ConfigLoader offline() {
        offline = true;
        return withoutToken();
    }

    /** For those without an admin port: its token need not be readable, and is {@link AdminToken#NONE}. */
    public ConfigLoader withoutToken() {
        readsToken = false;
        return this;
    }

    /** For tools that read no journal: its keys need not be readable, and are {@link JournalKeys#NONE}. */
    public ConfigLoader withoutJournalKeys() {
        readsJournalKeys = false;
        return this;
    }

    /**
     * One key from the command line.
     *
     * @param option how the user wrote it, for the report
     * @param value {@code null} if the option was not given
     */
    public ConfigLoader option(String option, String key, Object value) {
        if (!Schema.isKey(key)) {
            throw new IllegalArgumentException(key + " is no key of the configuration");
        }
        if (value != null) {
            entries.put(key, new Entry(value.toString(), "option " + option));
        }
        return this;
    }

    /** @throws InvalidConfig with every problem of every source */
    public SluiceConfig load() throws InvalidConfig {
        return load(Machine.present());
    }

    /**
     * Only the keys of the journal, for tools that need nothing else.
     *
     * @throws InvalidConfig if the sources cannot be read, or the keys are none
     */
    public JournalKeys loadJournalKeys() throws InvalidConfig {
        JournalKeys keys = journalKeys(new Settings(entries, problems));
        if (!problems.isEmpty()) {
            throw new InvalidConfig(problems);
        }
        return keys;
    }

    /** From a file or from the environment; a problem is reported without the keys. */
    private JournalKeys journalKeys(Settings settings) {
        Path file = settings.get(Keys.JOURNAL_KEY_FILE);
        String name = Keys.JOURNAL_KEY_FILE.name();
        JournalKeys.Unwrapper unwrapper =
                wrapped -> kms.apply(aws(settings, Keys.KMS_ENDPOINT)).unwrap(wrapped);
        if (file == null) {
            try {
                return journalKeys == null ? JournalKeys.NONE : JournalKeys.parse(journalKeys, unwrapper);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(
                        "",
                        null,
                        "expected " + JournalKeys.EXPECTED + ", found " + e.getMessage(),
                        "environment " + Environment.JOURNAL_KEYS));
                return JournalKeys.NONE;
            }
        }
        String source = settings.entry(name).source();
        if (journalKeys != null) {
            settings.problem(name, file.toString(), "expected nothing, or no " + Environment.JOURNAL_KEYS, source);
        }
        try {
            return JournalKeys.read(file, unwrapper);
        } catch (IllegalArgumentException e) {
            settings.problem(
                    name,
                    file.toString(),
                    "expected a file with " + JournalKeys.EXPECTED + ", found " + e.getMessage(),
                    source);
        } catch (IOException e) {
            settings.problem(
                    name,
                    file.toString(),
                    "expected " + Keys.JOURNAL_KEY_FILE.takes().expected(),
                    source);
        }
        return JournalKeys.NONE;
    }

    SluiceConfig load(Machine machine) throws InvalidConfig {
        List<Problem> found = new ArrayList<>();
        SluiceConfig config = read(machine, found);
        if (!found.isEmpty()) {
            throw new InvalidConfig(Problem.inOrder(found));
        }
        return config;
    }

    /**
     * For those who want to look further although something is wrong.
     *
     * @param found gets every problem of every source
     * @return the configuration, in which whatever is wrong is as by default
     */
    public SluiceConfig read(List<Problem> found) {
        return read(Machine.present(), found);
    }

    private SluiceConfig read(Machine machine, List<Problem> found) {
        Settings settings = new Settings(entries, problems);
        JournalKeys keys = readsJournalKeys ? journalKeys(settings) : JournalKeys.NONE;
        SluiceConfig config = read(settings, keys, fixedSecret(), machine);
        if (offline) {
            Rules.checkOffline(config, settings);
        } else {
            Rules.check(config, settings, machine);
        }
        found.addAll(problems);
        return config;
    }

    /** Where the value of a key was read, or {@code null} if it is the default. */
    public String source(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.source();
    }

    private FixedSecret fixedSecret() {
        try {
            return pseudonymSecret == null ? null : FixedSecret.parse(pseudonymSecret, Environment.PSEUDONYM_SECRET);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("", null, e.getMessage(), "environment " + Environment.PSEUDONYM_SECRET));
            return null;
        }
    }

    private SluiceConfig read(Settings settings, JournalKeys keys, FixedSecret secret, Machine machine) {
        Path data = settings.get(Keys.DATA);
        int loops = settings.get(Keys.HTTP_LOOPS);
        if (loops == 0) {
            loops = Math.min(machine.processors(), MOST_LOOPS_BY_DEFAULT);
        }
        HttpConfig http = new HttpConfig(
                settings.get(Keys.HTTP_HOST),
                settings.get(Keys.HTTP_PORT),
                settings.get(Keys.HTTP_TRANSPORT),
                loops,
                bytes(settings, Keys.HTTP_MAX_LINE),
                bytes(settings, Keys.HTTP_MAX_HEADERS),
                bytes(settings, Keys.HTTP_MAX_BODY),
                settings.get(Keys.HTTP_IDLE_TIMEOUT),
                settings.get(Keys.HTTP_ADMISSION_TIMEOUT),
                settings.get(Keys.HTTP_MAX_PIPELINED),
                settings.get(Keys.HTTP_MAX_STREAMS),
                tls(settings),
                new ConsentConfig(settings.get(Keys.HTTP_COUNTRY_HEADER), settings.get(Keys.HTTP_CONSENT_COOKIES)),
                new ProxyConfig(
                        settings.get(Keys.HTTP_PROXY_PROTOCOL),
                        settings.get(Keys.HTTP_TRUSTED_PROXIES),
                        settings.get(Keys.HTTP_FORWARDED_FIELD)),
                limits(settings, machine));
        AdminConfig admin = admin(settings);
        IntakeConfig intake = new IntakeConfig(
                bytes(settings, Keys.COMMIT_FLUSH),
                settings.get(Keys.COMMIT_MAX_DELAY),
                bytes(settings, Keys.BLOCK_LIMIT),
                bytes(settings, Keys.BLOCK_RAW_LIMIT),
                settings.get(Keys.BLOCK_LINGER_MAX),
                settings.get(Keys.INTAKE_MAX_EVENTS),
                bytes(settings, Keys.INTAKE_MAX_EVENT),
                settings.get(Keys.INTAKE_TARGET_DELAY),
                settings.get(Keys.COMMIT_TICKET_TIMEOUT),
                new BulkConfig(
                        settings.get(Keys.HTTP_DEAR_TIME),
                        Math.min(100, settings.get(Keys.HTTP_DEAR_SHARE) * http.loops())));
        List<StreamGroup> groups = Groups.read(settings);
        RingConfig ring = new RingConfig(
                settings.get(Keys.RING_TICKETS),
                ringBytes(settings, http, intake, groups),
                settings.get(Keys.COMMIT_WAIT));
        ManifestConfig manifests = manifests(settings);
        JournalConfig journal = new JournalConfig(
                directory(settings, Keys.JOURNAL_DIRECTORY, data),
                bytes(settings, Keys.JOURNAL_SEGMENT),
                settings.get(Keys.JOURNAL_MAX),
                settings.get(Keys.JOURNAL_DIRECT),
                settings.get(Keys.COMMIT_ACK),
                settings.get(Keys.COMMIT_SYNC_INTERVAL),
                bytes(settings, Keys.COMMIT_BATCH),
                settings.get(Keys.DELIVERY_MEMORY),
                settings.get(Keys.JOURNAL_KEY_FILE),
                keys,
                settings.get(Keys.JOURNAL_KEEP),
                manifests.on());
        DeliveryConfig delivery = new DeliveryConfig(
                settings.get(Keys.DELIVERY_DESTINATION),
                new LocalConfig(
                        directory(settings, Keys.DELIVERY_LOCAL_DIRECTORY, data),
                        settings.get(Keys.DELIVERY_BUFFER_SIZE),
                        settings.get(Keys.DELIVERY_BUFFER_TIME)),
                firehose(settings, groups, manifests, machine),
                parked(settings, data),
                manifests,
                settings.get(Keys.DELIVERY_DRAIN_TIMEOUT));
        return new SluiceConfig(
                data,
                http,
                admin,
                journal,
                ring,
                intake,
                delivery,
                groups,
                numberOf(settings.get(Keys.REJECTED_GROUP), groups),
                settings.get(Keys.SHOPS_FILE),
                new PrivacyConfig(settings.get(Keys.PRIVACY_POLICY), settings.get(Keys.PRIVACY_POLICIES)),
                new PseudonymConfig(
                        settings.get(Keys.PSEUDONYMS_PERIOD),
                        directory(settings, Keys.SECRETS_DIRECTORY, data),
                        secret,
                        settings.get(Keys.SECRETS_KEEP)),
                new BucketSecretsConfig(
                        settings.get(Keys.SECRETS_BUCKET),
                        settings.get(Keys.SECRETS_PREFIX),
                        settings.get(Keys.SECRETS_KMS_KEY),
                        aws(settings, Keys.SECRETS_ENDPOINT),
                        aws(settings, Keys.KMS_ENDPOINT)),
                settings.get(Keys.HTTP_DRAIN_DELAY));
    }

    private AdminConfig admin(Settings settings) {
        Path file = settings.get(Keys.ADMIN_TOKEN_FILE);
        AdminToken token = readsToken ? adminToken(settings, file) : AdminToken.NONE;
        return new AdminConfig(settings.get(Keys.ADMIN_HOST), settings.get(Keys.ADMIN_PORT), file, token);
    }

    private static AdminToken adminToken(Settings settings, Path file) {
        if (file == null) {
            return AdminToken.NONE;
        }
        String expected;
        try {
            return AdminToken.read(file);
        } catch (IllegalArgumentException e) {
            expected = "a file with " + AdminToken.EXPECTED + ", found " + e.getMessage();
        } catch (IOException e) {
            expected = Keys.ADMIN_TOKEN_FILE.takes().expected();
        }
        String name = Keys.ADMIN_TOKEN_FILE.name();
        settings.problem(
                name,
                file.toString(),
                "expected " + expected,
                settings.entry(name).source());
        return AdminToken.NONE;
    }

    private static LimitsConfig limits(Settings settings, Machine machine) {
        int connections = settings.get(Keys.HTTP_MAX_CONNECTIONS);
        if (connections == 0) {
            long most = Math.min(machine.heapBytes() / HEAP_PER_CONNECTION, machine.openFiles() - OTHER_FILES);
            connections = Math.clamp(most, LEAST_CONNECTIONS, MOST_CONNECTIONS_BY_DEFAULT);
        }
        return new LimitsConfig(
                connections,
                settings.get(Keys.HTTP_MAX_ADDRESS_CONNECTIONS),
                settings.get(Keys.HTTP_MAX_REQUESTS),
                settings.get(Keys.HTTP_MAX_HEADER_FIELDS),
                settings.get(Keys.HTTP_FIRST_BYTE_TIMEOUT),
                settings.get(Keys.HTTP_HEADER_TIMEOUT),
                settings.get(Keys.HTTP_BODY_TIMEOUT),
                bytes(settings, Keys.HTTP_MIN_BODY_RATE),
                settings.get(Keys.HTTP_MAX_IN_FLIGHT),
                settings.get(Keys.HTTP_MAX_CONNECTION_IN_FLIGHT),
                new FloodConfig(
                        settings.get(Keys.HTTP_MAX_RESETS),
                        settings.get(Keys.HTTP_MAX_CONTROLS),
                        settings.get(Keys.HTTP_DEAR_TIME),
                        settings.get(Keys.HTTP_DEAR_SHARE)));
    }

    private static TlsConfig tls(Settings settings) {
        return new TlsConfig(
                settings.get(Keys.TLS_HOST),
                settings.get(Keys.TLS_PORT),
                settings.get(Keys.TLS_CERTIFICATE),
                settings.get(Keys.TLS_KEY),
                settings.get(Keys.TLS_CLIENT_CA),
                settings.get(Keys.TLS_CLIENT_AUTH),
                settings.get(Keys.TLS_HANDSHAKE_TIMEOUT),
                settings.get(Keys.TLS_STRICT_TRANSPORT));
    }

    private static ManifestConfig manifests(Settings settings) {
        return new ManifestConfig(
                settings.get(Keys.MANIFESTS_SEND),
                settings.get(Keys.MANIFESTS_LINGER),
                settings.get(Keys.MANIFESTS_PREFIX),
                settings.get(Keys.MANIFESTS_STREAMS),
                settings.get(Keys.MANIFESTS_QUOTA),
                settings.get(Keys.MANIFESTS_REQUESTS));
    }

    private static FirehoseConfig firehose(
            Settings settings, List<StreamGroup> groups, ManifestConfig manifests, Machine machine) {
        long window = settings.get(Keys.FIREHOSE_WINDOW);
        if (window == 0) {
            window = Math.clamp(machine.heapBytes() / HEAP_PER_WINDOW, LEAST_WINDOW, MOST_WINDOW_BY_DEFAULT);
        }
        return new FirehoseConfig(
                aws(settings, Keys.FIREHOSE_ENDPOINT),
                Groups.firehose(settings, groups, manifests),
                window,
                settings.get(Keys.FIREHOSE_CHECK));
    }

    private static ParkedConfig parked(Settings settings, Path data) {
        return new ParkedConfig(
                directory(settings, Keys.PARKED_DIRECTORY, data),
                settings.get(Keys.PARKED_BUCKET),
                settings.get(Keys.PARKED_PREFIX),
                settings.get(Keys.PARKED_KMS_KEY),
                aws(settings, Keys.PARKED_ENDPOINT));
    }

    private static AwsConfig aws(Settings settings, Key<String> endpoint) {
        return new AwsConfig(
                settings.get(Keys.FIREHOSE_REGION), settings.get(endpoint), settings.get(Keys.FIREHOSE_TIMEOUT));
    }

    /** What {@code auto} means: 32 MiB, or as much as the loops need at least. */
    private static int ringBytes(Settings settings, HttpConfig http, IntakeConfig intake, List<StreamGroup> groups) {
        long bytes = settings.get(Keys.RING_BYTES);
        if (bytes == 0) {
            long least = Rules.leastRing(http, intake, groups);
            bytes = Math.min(Integer.MAX_VALUE, Math.max(LEAST_RING_BY_DEFAULT, least));
        }
        return (int) bytes;
    }

    /** Keys that become an int have a range that fits one. */
    private static int bytes(Settings settings, Key<Long> key) {
        return Math.toIntExact(settings.get(key));
    }

    private static Path directory(Settings settings, Key<Path> key, Path data) {
        Path path = settings.get(key);
        String text = path.toString();
        return text.startsWith(DATA_REFERENCE)
                ? Path.of(data + text.substring(DATA_REFERENCE.length())).normalize()
                : path;
    }

    /** 0, which is no group for rejected events, if there is none of this name. */
    private static int numberOf(String name, List<StreamGroup> groups) {
        for (StreamGroup group : groups) {
            if (group.name().equals(name)) {
                return group.number();
            }
        }
        return 0;
    }
}
