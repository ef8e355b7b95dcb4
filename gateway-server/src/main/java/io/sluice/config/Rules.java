package io.sluice.config;

import io.sluice.beacon.Decoders;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.delivery.manifest.ManifestConfig;
import io.sluice.http.HttpConfig;
import io.sluice.http.LimitsConfig;
import io.sluice.http.TlsConfig;
import io.sluice.intake.IntakeConfig;
import io.sluice.privacy.period.Period;
import io.sluice.record.BlockEncoders;
import io.sluice.record.StreamGroup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What must hold between keys. Each rule names the key to change, its reason, and the least or most that would do. */
final class Rules {

    private static final long SECTOR = 4096;
    private static final long KIB = 1L << 10;

    /** Lines that are fed to an encoder at a time; any two neighbouring chunks hold more than this. */
    private static final long CHUNK_BYTES = 64 * KIB;

    /** The head of a frame and the tag of an encrypted one ({@code ring.Frame}). */
    static final long FRAME_BYTES = 80 + 16;

    /** A SEAL but for its summary: head, lengths, trailer. */
    private static final long SEAL_BYTES = FRAME_BYTES + 64;

    /** A block is sealed before its summary outgrows this. */
    private static final long SUMMARY_BYTES = 64 * KIB;

    /** What one request adds to the summaries at most: shop, minute and count for its lines and for rejected ones. */
    private static final long SUMMARY_BYTES_PER_REQUEST = 3 * (1 + 64 + 2 * Integer.BYTES);

    /** No line is shorter: its time, shop and position alone take more. */
    private static final long LEAST_LINE_BYTES = 64;

    /** Whole bodies that a loop must be able to hold, or a few slow clients would stop all others. */
    private static final long LEAST_BODIES_HELD = 4;

    /** Requests of the worst kind that a producer must have room for, so that one in flight does not stop the rest. */
    private static final long TICKETS_HELD = 4;

    /** A call may hold half a second of quota, and a block half of that, or pacing would come in gulps. */
    private static final long BLOCKS_PER_QUOTA = 4;

    private Rules() {}

    /**
     * The most bytes that one flush can put into a ticket: what was staged, one request of the worst kind, all of it
     * incompressible, and a SEAL for each group with a full summary.
     */
    static long largestTicket(HttpConfig http, IntakeConfig intake, List<StreamGroup> groups) {
        int lines = intake.flushBytes() + Decoders.stagedBound(http.maxBodyBytes() + http.maxLineBytes());
        long encoded = 0;
        long perFrame = 0;
        for (StreamGroup group : groups) {
            encoded = Math.max(encoded, BlockEncoders.bound(group.encoding(), lines));
            perFrame = Math.max(perFrame, FRAME_BYTES + BlockEncoders.bound(group.encoding(), 0));
        }
        long frames = 2 * (lines / CHUNK_BYTES) + 2L * groups.size();
        long bytes = encoded + frames * perFrame + groups.size() * (SEAL_BYTES + SUMMARY_BYTES);
        long moreSeals = 1 + 2 * bytes / intake.blockBytes();
        long requests = intake.flushBytes() / LEAST_LINE_BYTES + 1;
        return bytes + moreSeals * SEAL_BYTES + (requests + moreSeals) * SUMMARY_BYTES_PER_REQUEST;
    }

    /** The least that {@code ring.bytes} may be. */
    static long leastRing(HttpConfig http, IntakeConfig intake, List<StreamGroup> groups) {
        return http.loops() * TICKETS_HELD * largestTicket(http, intake, groups);
    }

    static void check(SluiceConfig config, Settings settings, Machine machine) {
        limits(config, settings, machine);
        ring(config, settings);
        journal(config, settings);
        delivery(config, settings);
        groups(config, settings);
        secrets(config, settings);
        if (config.delivery().destination() == DeliveryConfig.Destination.FIREHOSE) {
            firehose(config, settings, machine);
        }
        if (config.shopsFile() != null) {
            settings.rule(
                    Files.isReadable(config.shopsFile()) && !Files.isDirectory(config.shopsFile()),
                    Keys.SHOPS_FILE,
                    "expected " + Keys.SHOPS_FILE.takes().expected());
        }
        memory(config, settings, machine);
    }

    /** What holds on whatever machine, for tools that only look at what is stored. */
    static void checkOffline(SluiceConfig config, Settings settings) {
        groups(config, settings);
        secrets(config, settings);
    }

    private static void limits(SluiceConfig config, Settings settings, Machine machine) {
        settings.rule(
                config.admin().port() == 0
                        || config.admin().port() != config.http().port()
                        || !config.admin().host().equals(config.http().host()),
                Keys.ADMIN_PORT,
                "expected another port than http.port",
                Keys.HTTP_PORT);
        settings.rule(
                config.admin().tokenFile() != null || isLoopback(config.admin().host()),
                Keys.ADMIN_HOST,
                "expected a loopback address, or a token in admin.token-file: others could read what is counted here",
                Keys.ADMIN_TOKEN_FILE);
        tls(config, settings);
        settings.rule(
                config.http().consent().countryHeader().isEmpty()
                        || !config.http().proxies().trusted().isEmpty(),
                Keys.HTTP_TRUSTED_PROXIES,
                "expected the networks of those that write http.country-header: it is read from nobody else",
                Keys.HTTP_COUNTRY_HEADER);
        settings.rule(
                config.http().limits().connections() <= machine.openFiles() - ConfigLoader.OTHER_FILES,
                Keys.HTTP_MAX_CONNECTIONS,
                "expected auto, or at most " + (machine.openFiles() - ConfigLoader.OTHER_FILES)
                        + ", since the process may have " + machine.openFiles()
                        + " files open (ulimit -n) and needs some itself");
        inFlight(config.http(), settings);
        int maxEvent = config.intake().maxEventBytes();
        settings.rule(
                maxEvent <= config.http().maxBodyBytes(),
                Keys.INTAKE_MAX_EVENT,
                "expected at most http.max-body, " + bytes(config.http().maxBodyBytes()),
                Keys.HTTP_MAX_BODY);
        settings.rule(
                config.intake().blockBytes() >= 2L * maxEvent,
                Keys.BLOCK_LIMIT,
                "expected at least twice intake.max-event, " + bytes(2L * maxEvent)
                        + ", so that every event fits a block with its envelope",
                Keys.INTAKE_MAX_EVENT);
        settings.rule(
                config.intake().blockRawBytes() >= config.intake().blockBytes(),
                Keys.BLOCK_RAW_LIMIT,
                "expected at least block.limit, " + bytes(config.intake().blockBytes()),
                Keys.BLOCK_LIMIT);
        settings.rule(
                config.intake().ticketTimeout().compareTo(config.intake().maxDelay()) > 0,
                Keys.COMMIT_TICKET_TIMEOUT,
                "expected more than commit.max-delay",
                Keys.COMMIT_MAX_DELAY);
        settings.rule(
                config.intake().targetDelay().compareTo(config.intake().ticketTimeout()) < 0,
                Keys.INTAKE_TARGET_DELAY,
                "expected less than commit.ticket-timeout",
                Keys.COMMIT_TICKET_TIMEOUT);
        settings.rule(
                config.http().admissionTimeout().compareTo(config.http().idleTimeout()) < 0,
                Keys.HTTP_ADMISSION_TIMEOUT,
                "expected less than http.idle-timeout",
                Keys.HTTP_IDLE_TIMEOUT);
    }

    private static void inFlight(HttpConfig http, Settings settings) {
        long least = LEAST_BODIES_HELD * http.loops() * http.maxBodyBytes();
        settings.rule(
                http.bodyBudgetBytes() * http.loops() >= least,
                Keys.HTTP_MAX_IN_FLIGHT,
                "expected auto, or at least " + bytes(least) + ": for each of " + http.loops() + " loops "
                        + LEAST_BODIES_HELD + " of the largest bodies",
                Keys.HTTP_MAX_BODY,
                Keys.HTTP_LOOPS);
        long one = http.limits().inFlightBytesOfConnection();
        settings.rule(
                one == LimitsConfig.AUTO || one >= http.maxBodyBytes() && one <= http.bodyBudgetBytes(),
                Keys.HTTP_MAX_CONNECTION_IN_FLIGHT,
                "expected auto, or from http.max-body, " + bytes(http.maxBodyBytes()) + ", to what one loop may hold, "
                        + bytes(http.bodyBudgetBytes()),
                Keys.HTTP_MAX_IN_FLIGHT,
                Keys.HTTP_MAX_BODY);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // Listening there fails, and says so.
            return true;
        }
    }

    private static void tls(SluiceConfig config, Settings settings) {
        TlsConfig tls = config.http().tls();
        if (tls.on()) {
            settings.rule(!tls.certificates().isEmpty(), Keys.TLS_CERTIFICATE, "expected a file", Keys.TLS_PORT);
            settings.rule(
                    tls.port() == 0
                            || tls.port() != config.http().port()
                                    && tls.port() != config.admin().port(),
                    Keys.TLS_PORT,
                    "expected another port than http.port and admin.port",
                    Keys.HTTP_PORT,
                    Keys.ADMIN_PORT);
        } else {
            settings.rule(
                    tls.certificates().isEmpty(),
                    Keys.TLS_PORT,
                    "expected a port, since http.tls.certificate names a file",
                    Keys.TLS_CERTIFICATE);
        }
        settings.rule(
                !tls.on() || tls.clientAuth() == TlsConfig.ClientAuthentication.AUTO || tls.clientCa() != null,
                Keys.TLS_CLIENT_AUTH,
                "expected auto, or the authorities of clients' certificates in http.tls.client-ca: without them, clients"
                        + " are asked for none",
                Keys.TLS_CLIENT_CA);
        settings.rule(
                tls.keys().size() == tls.certificates().size(),
                Keys.TLS_KEY,
                "expected as many as http.tls.certificate has, "
                        + tls.certificates().size(),
                Keys.TLS_CERTIFICATE);
    }

    private static void ring(SluiceConfig config, Settings settings) {
        HttpConfig http = config.http();
        long ticket = largestTicket(http, config.intake(), config.groups());
        long least = leastRing(http, config.intake(), config.groups());
        settings.rule(
                config.ring().bytes() >= least,
                Keys.RING_BYTES,
                "expected auto, or at least "
                        + atLeast(least) + ": for each of " + http.loops()
                        + " loops " + TICKETS_HELD + " of the largest tickets",
                Keys.HTTP_MAX_BODY,
                Keys.HTTP_MAX_LINE,
                Keys.HTTP_LOOPS,
                Keys.COMMIT_FLUSH);
        settings.rule(
                config.journal().batchBytes() >= ticket,
                Keys.COMMIT_BATCH,
                "expected at least " + atLeast(ticket)
                        + ", the largest ticket that http.max-body allows, since a ticket " + "is written whole",
                Keys.HTTP_MAX_BODY,
                Keys.HTTP_MAX_LINE,
                Keys.COMMIT_FLUSH);
    }

    private static void journal(SluiceConfig config, Settings settings) {
        long segment = config.journal().segmentBytes();
        settings.rule(segment % SECTOR == 0, Keys.JOURNAL_SEGMENT, "expected a multiple of " + bytes(SECTOR));
        settings.rule(
                segment >= config.journal().batchBytes() + 2 * SECTOR,
                Keys.JOURNAL_SEGMENT,
                "expected more than commit.batch, " + bytes(config.journal().batchBytes())
                        + ", since a commit lies in one segment",
                Keys.COMMIT_BATCH);
        settings.rule(
                config.journal().maxBytes() >= 4 * segment,
                Keys.JOURNAL_MAX,
                "expected at least 4 segments, " + bytes(4 * segment)
                        + ": one in use, one ahead, one in delivery, one in recycling",
                Keys.JOURNAL_SEGMENT);
    }

    private static void delivery(SluiceConfig config, Settings settings) {
        settings.rule(
                config.delivery().local().bufferBytes() >= config.intake().blockBytes(),
                Keys.DELIVERY_BUFFER_SIZE,
                "expected at least block.limit, " + bytes(config.intake().blockBytes()),
                Keys.BLOCK_LIMIT);
        Path journal = config.journal().root().toAbsolutePath().normalize();
        Path local = config.delivery().local().directory().toAbsolutePath().normalize();
        settings.rule(
                !journal.startsWith(local) && !local.startsWith(journal),
                Keys.DELIVERY_LOCAL_DIRECTORY,
                "expected a directory apart from journal.directory, "
                        + config.journal().root(),
                Keys.JOURNAL_DIRECTORY);
    }

    private static void secrets(SluiceConfig config, Settings settings) {
        boolean bucket = config.secretsBucket().on();
        settings.rule(
                bucket != config.secretsBucket().key().isEmpty(),
                Keys.SECRETS_KMS_KEY,
                bucket
                        ? "expected a key, since secrets in a bucket are wrapped"
                        : "expected nothing, or privacy.secrets.bucket to be given",
                Keys.SECRETS_BUCKET);
        if (config.pseudonyms().fixed() != null) {
            settings.rule(
                    config.pseudonyms().period() == Period.Length.NEVER,
                    Keys.PSEUDONYMS_PERIOD,
                    "expected never, or no " + Environment.PSEUDONYM_SECRET + ", which is one secret for all time");
            settings.rule(!bucket, Keys.SECRETS_BUCKET, "expected nothing, or no " + Environment.PSEUDONYM_SECRET);
        }
    }

    private static void firehose(SluiceConfig config, Settings settings, Machine machine) {
        FirehoseConfig firehose = config.delivery().firehose();
        int block = config.intake().blockBytes();
        for (FirehoseConfig.Group group : firehose.groups()) {
            // Blocks of manifests are not made by the limit, and far smaller.
            settings.rule(
                    group.name().equals(ManifestConfig.GROUP) || block <= group.quotaBytes() / BLOCKS_PER_QUOTA,
                    Keys.BLOCK_LIMIT,
                    "expected at most a quarter second of the quota of each stream, "
                            + bytes(group.quotaBytes() / BLOCKS_PER_QUOTA) + " for the group " + group.name());
        }
        settings.rule(
                firehose.windowBytes() >= BLOCKS_PER_QUOTA * block,
                Keys.FIREHOSE_WINDOW,
                "expected auto, or at least one call, 4 times block.limit: " + atLeast(BLOCKS_PER_QUOTA * block),
                Keys.BLOCK_LIMIT);
        settings.rule(
                firehose.windowBytes() <= machine.heapBytes() / BLOCKS_PER_QUOTA,
                Keys.FIREHOSE_WINDOW,
                "expected auto, or at most a quarter of the heap, " + (machine.heapBytes() / BLOCKS_PER_QUOTA >> 20)
                        + " MiB, since a block under way takes four thirds of its size there: lower it or raise -Xmx");
    }

    private static void groups(SluiceConfig config, Settings settings) {
        StringBuilder others = new StringBuilder();
        for (StreamGroup group : config.groups()) {
            if (group.number() > 0) {
                others.append(others.isEmpty() ? "" : ", ").append(group.name());
            }
        }
        if (config.rejectedGroup() == 0) {
            Entry given = settings.entry(Keys.REJECTED_GROUP.name());
            settings.problem(
                    Keys.REJECTED_GROUP.name(),
                    settings.text(Keys.REJECTED_GROUP),
                    config.groups().size() < 2
                            ? "expected the name of a group, and at least two groups: the first is for events"
                            : "expected the name of a group but the first, which is for events: " + others,
                    given == null ? settings.sourceOfAny(Groups.LIST) : given.source());
        }
        long encoders = MemoryPlan.encodersPerLoop(config);
        if (encoders > MemoryPlan.MOST_ENCODERS_PER_LOOP) {
            settings.problem(
                    Groups.LIST,
                    null,
                    "expected encoders that take at most " + bytes(MemoryPlan.MOST_ENCODERS_PER_LOOP)
                            + " a loop together, but these take " + (encoders >> 20)
                            + "MiB: have fewer groups or lower levels",
                    settings.sourceOfAny(Groups.LIST));
        }
    }

    private static void memory(SluiceConfig config, Settings settings, Machine machine) {
        MemoryPlan plan = MemoryPlan.of(config, machine);
        settings.rule(
                plan.direct() <= machine.directBytes(),
                Keys.RING_BYTES,
                "expected direct buffers that fit -XX:MaxDirectMemorySize, " + (machine.directBytes() >> 20)
                        + " MiB, but arenas, commit, delivery and network take " + (plan.direct() >> 20)
                        + " MiB: raise that, or lower delivery.memory, ring.bytes, commit.batch, http.loops, http.max-body"
                        + " or http.max-in-flight",
                Keys.DELIVERY_MEMORY,
                Keys.HTTP_LOOPS,
                Keys.HTTP_MAX_BODY,
                Keys.HTTP_MAX_IN_FLIGHT,
                Keys.COMMIT_BATCH);
        settings.rule(
                plan.total() <= machine.memoryBytes(),
                Keys.RING_BYTES,
                "expected to fit the " + (machine.memoryBytes() >> 20) + " MiB of this machine, but it may take " + plan
                        + ": lower -Xmx, ring.bytes, http.loops, http.max-in-flight or the groups' levels",
                Keys.HTTP_LOOPS,
                Keys.HTTP_MAX_BODY,
                Keys.HTTP_MAX_IN_FLIGHT);
    }

    /** In whole KiB, for limits that come out of a formula. */
    private static String atLeast(long bytes) {
        return bytes((bytes + KIB - 1) / KIB * KIB);
    }

    private static String bytes(long bytes) {
        return Values.formatBytes(bytes);
    }
}
