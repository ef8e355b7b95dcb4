package io.sluice.bootstrap;

import io.sluice.config.SluiceConfig;
import io.sluice.privacy.Policies;
import io.sluice.shop.BadShopsException;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import io.sluice.shop.ShopsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the shops with their policies, as one: either all files are good and a new snapshot is made of them, or all
 * that is wrong with them is told at once. Keeps the policies that were taken, which must not change under the
 * version that they had. One thread at a time.
 */
final class ShopsSource implements ShopRegistry.Source {

    /** Sees to it that pseudonyms can be made. */
    @FunctionalInterface
    interface Secrets {
        /** @throws IOException if they cannot; the message says why */
        void require() throws IOException;
    }

    private final SluiceConfig config;
    private final Secrets secrets;
    /** {@code null} before the first. */
    private Policies taken;

    /** @param secrets asked before shops are taken whose policies hash */
    ShopsSource(SluiceConfig config, Secrets secrets) {
        this.config = config;
        this.secrets = secrets;
    }

    @Override
    public Shops load() throws IOException, BadShopsException {
        List<String> reports = new ArrayList<>();
        Policies policies = Policies.load(config.privacy(), taken, reports);
        Shops shops = null;
        try {
            shops = shops(policies);
        } catch (BadShopsException e) {
            reports.add(e.getMessage());
        }
        if (!reports.isEmpty()) {
            throw new BadShopsException(reports);
        }
        if (Policies.hash(shops)) {
            secrets.require();
        }
        taken = policies;
        return shops;
    }

    private Shops shops(Policies policies) throws IOException, BadShopsException {
        if (config.shopsFile() == null) {
            return Shops.demo(policies.byDefault());
        }
        return ShopsFile.load(
                config.shopsFile(), new ShopsFile.Choices(config.eventGroups(), policies.all(), policies.byDefault()));
    }

    @Override
    public List<Path> files() {
        List<Path> files = new ArrayList<>(Policies.files(config.privacy()));
        if (config.shopsFile() != null) {
            files.add(config.shopsFile());
        }
        return files;
    }
}
