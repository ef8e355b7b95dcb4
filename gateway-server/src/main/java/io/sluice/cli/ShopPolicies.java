package io.sluice.cli;

import io.sluice.config.SluiceConfig;
import io.sluice.privacy.Policies;
import io.sluice.shop.BadShopsException;
import io.sluice.shop.Shop;
import io.sluice.shop.ShopPolicy;
import io.sluice.shop.Shops;
import io.sluice.shop.ShopsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The policies of shops as the configuration has them now, as the gateway would read them. Immutable. */
public final class ShopPolicies {

    private final Policies policies;
    private final Shops shops;

    private ShopPolicies(Policies policies, Shops shops) {
        this.policies = policies;
        this.shops = shops;
    }

    /**
     * Reads the files that the configuration names.
     *
     * @throws BadShopsException with every problem of the policies' files, or of the shops' file
     * @throws IOException if the shops' file cannot be read
     */
    public static ShopPolicies load(SluiceConfig config) throws IOException, BadShopsException {
        List<String> reports = new ArrayList<>();
        Policies policies = Policies.load(config.privacy(), reports);
        if (!reports.isEmpty()) {
            throw new BadShopsException(reports);
        }
        Shops shops = config.shopsFile() == null
                ? Shops.demo(policies.byDefault())
                : ShopsFile.load(
                        config.shopsFile(),
                        new ShopsFile.Choices(config.eventGroups(), policies.all(), policies.byDefault()));
        return new ShopPolicies(policies, shops);
    }

    /** The policy of the shop, or {@code null} if there is no such shop. */
    public ShopPolicy ofShop(String name) {
        Shop shop = shops.named(name);
        return shop == null ? null : shop.policy();
    }

    /** The policy whose name and version are these, or {@code null}. */
    public ShopPolicy ofStamp(String stamp) {
        return policies.ofStamp(stamp);
    }

    /** That of shops that name none. */
    public ShopPolicy byDefault() {
        return policies.byDefault();
    }
}
