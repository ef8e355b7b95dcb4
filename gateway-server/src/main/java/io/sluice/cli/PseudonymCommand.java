package io.sluice.cli;

import io.sluice.cli.objects.Moment;
import io.sluice.common.Clock;
import io.sluice.common.SecretStore;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.privacy.Policies;
import io.sluice.privacy.PseudonymLookup;
import io.sluice.privacy.period.Period;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.shop.BadShopsException;
import io.sluice.shop.ShopPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Says under which pseudonyms a person's records are to be found, for as long as the secrets of their periods are kept.
 *
 * <p>The value is printed nowhere, logged nowhere, and need not stand in the shell's history.
 */
@Command(
        name = "pseudonym",
        header = "Print a person's pseudonyms, for a request for access or erasure.",
        description = {
            "",
            "What stands in a shop's records instead of a value, for each period whose secret is kept. Without VALUE it is"
                    + " read from standard input, and so is in no history. Give it in each form in which the person may"
                    + " have given it: a telephone number with and without its country is two."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:pseudonyms were printed",
            "1:there is none: the policy makes none, no secret is kept, or the value is of none of the kinds;"
                    + " or a secret cannot be read, and the pseudonyms of its period are missing",
            "2:the command line or the configuration is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice pseudonym --shop demo                       (then the value, Enter, Ctrl-D)",
            "  sluice pseudonym --config /etc/sluice.yaml --shop shop-a --kind email < value",
            "  sluice pseudonym --shop shop-a --kind uid --from 2026-10-01 --to 2026-11-01 --json < value",
            "  sluice pseudonym --shop shop-a --person < value | sluice erase --shop shop-a --person -",
        })
public final class PseudonymCommand implements Callable<Integer> {

    private static final List<String> IDS = List.of("uid", "aid", "sid");
    private static final String FIELD = "field";

    /** Pseudonyms of a period. */
    private record Row(Period period, String kind, String pseudonym) {}

    @Mixin
    private DeliveryOptions config;

    @Option(
            names = "--shop",
            paramLabel = "SHOP",
            required = true,
            description = "Whose records. Each shop has pseudonyms of its own.")
    private String shop;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "What the value is: email, phone, ip, … as policies name it; uid, aid, sid or field for the"
                    + " whole value of a field. Default: whatever is found in it, and field.")
    private String kind;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Only periods that end after this day or hour (UTC), such as 2026-10-01.")
    private Long fromMillis;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Only periods that begin before this day or hour.")
    private Long toMillis;

    @Option(names = "--json", description = "Print a line of JSON for each pseudonym.")
    private boolean json;

    @Option(names = "--person", description = "Print lines as \"sluice erase --person\" takes them.")
    private boolean person;

    @Option(
            names = "--anyway",
            description = "Print them although the shop's policy makes none now: for records from before it changed.")
    private boolean anyway;

    @Parameters(
            paramLabel = "VALUE",
            arity = "0..1",
            description = "Such as an address of mail. Default: standard input.")
    private String value;

    @Spec
    private CommandSpec spec;

    private final InputStream in;

    public PseudonymCommand() {
        this(System.in);
    }

    PseudonymCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws IOException, InvalidConfig, BadShopsException {
        if (json && person) {
            throw new ParameterException(spec.commandLine(), "expected --json or --person, not both");
        }
        if (fromMillis != null && toMillis != null && toMillis <= fromMillis) {
            throw new ParameterException(spec.commandLine(), "expected --to behind --from");
        }
        List<String> kinds = kinds();
        if (!shop.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new ParameterException(spec.commandLine(), "--shop: expected the name of a shop");
        }
        SluiceConfig loaded = config.loader().offline().withoutJournalKeys().load();
        if (loaded.shopsFile() != null && !MaskedShops.has(loaded.shopsFile(), shop)) {
            complain("warning: " + loaded.shopsFile() + " has no shop '" + shop
                    + "' now; its name is part of pseudonyms");
        }
        if (!anyway && makesNone(loaded)) {
            return ExitCodes.FAILED;
        }
        String text = value != null ? value : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        List<Row> rows = new ArrayList<>();
        int secrets = 0;
        boolean unread = false;
        try (SecretStore store = SecretStores.open(loaded)) {
            for (Period period : periods(store)) {
                byte[] secret;
                try {
                    secret = store.find(period.name());
                } catch (IOException e) {
                    unread = true;
                    complain("the secret of " + period + " cannot be read, so its pseudonyms are missing: "
                            + e.getMessage());
                    continue;
                }
                if (secret == null) {
                    continue;
                }
                secrets++;
                for (String each : kinds) {
                    for (String found : PseudonymLookup.of(new PeriodSecret(period, secret), shop, each, text)) {
                        rows.add(new Row(period, each, found));
                    }
                }
            }
            if (secrets == 0 && !unread) {
                complain(
                        "no secret of these periods is kept in " + store + ": nobody can tell whose their records are");
            } else if (secrets > 0 && rows.isEmpty()) {
                complain("nothing of this kind is found in the value");
            }
        }
        print(rows);
        return unread || rows.isEmpty() ? ExitCodes.FAILED : ExitCodes.OK;
    }

    /** Whether the policy of the shop turns nothing into pseudonyms, which is said. */
    private boolean makesNone(SluiceConfig loaded) throws IOException, BadShopsException {
        ShopPolicy policy = ShopPolicies.load(loaded).ofShop(shop);
        if (policy == null || Policies.hashes(policy)) {
            return false;
        }
        complain("shop '" + shop + "' has the policy " + policy.label() + ", which makes no pseudonyms, so that its"
                + " records hold none; if they did before the policy changed, --anyway prints them");
        return true;
    }

    private List<String> kinds() {
        if (kind == null) {
            return PseudonymLookup.kinds();
        }
        if (IDS.contains(kind)) {
            return List.of(FIELD);
        }
        if (!PseudonymLookup.kinds().contains(kind)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--kind: expected one of " + String.join(", ", PseudonymLookup.kinds()) + ", "
                            + String.join(", ", IDS));
        }
        return List.of(kind);
    }

    /** Those that were asked for and have secrets, the earliest first. */
    private List<Period> periods(SecretStore store) throws IOException {
        List<Period> periods = new ArrayList<>();
        for (String name : store.names()) {
            Period period = Period.named(name);
            if (period != null
                    && (fromMillis == null || period.toMillis() > fromMillis)
                    && (toMillis == null || period.fromMillis() < toMillis)
                    && (period.fromMillis() <= Clock.system().epochMillis())) {
                periods.add(period);
            }
        }
        periods.sort(Comparator.comparingLong(Period::fromMillis).thenComparingLong(Period::toMillis));
        return periods;
    }

    private void print(List<Row> rows) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            for (Row row : rows) {
                out.println("{\"period\":\"" + row.period + "\",\"from\":" + json(row.period.fromMillis()) + ",\"to\":"
                        + json(row.period.toMillis()) + ",\"shop\":\"" + shop + "\",\"kind\":\"" + row.kind
                        + "\",\"pseudonym\":\"" + row.pseudonym + "\"}");
            }
        } else if (person) {
            for (Row row : rows) {
                out.println("pseudonym=" + row.pseudonym);
            }
        } else if (!rows.isEmpty()) {
            out.println(columns("PERIOD", "PSEUDONYM"));
            for (Row row : rows) {
                out.println(columns(row.period.name(), row.pseudonym));
            }
        }
        out.flush();
    }

    private static String columns(String period, String pseudonym) {
        return period + " ".repeat(Math.max(1, 12 - period.length())) + pseudonym;
    }

    /** A day, or null where a period has no such end. */
    private static String json(long millis) {
        return millis == Long.MIN_VALUE || millis == Long.MAX_VALUE
                ? "null"
                : '"'
                        + Instant.ofEpochMilli(millis)
                                .atZone(ZoneOffset.UTC)
                                .toLocalDate()
                                .toString()
                        + '"';
    }

    private void complain(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sluice: " + what);
        err.flush();
    }
}
