package io.sluice.shop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shops as they are now. Readers on the hot path take one volatile read and get an immutable {@link Shops}.
 *
 * <p>Any thread reads. {@link #reload} reads the source again and replaces the snapshot whole, or keeps the old one if
 * the source is bad: a typing mistake in a file must not stop a gateway that runs. {@link ShopsWatch} calls it.
 */
public final class ShopRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(ShopRegistry.class);

    /** Where snapshots come from. */
    @FunctionalInterface
    public interface Source {
        Shops load() throws IOException, BadShopsException;

        /** Every file and directory that the shops are read from, as of now. */
        default List<Path> files() {
            return List.of();
        }
    }

    private final Source source;
    private volatile Shops current;

    /** A registry filled from the source. Fails as the source does: a gateway does not start with bad shops. */
    public ShopRegistry(Source source) throws IOException, BadShopsException {
        this.source = source;
        this.current = source.load();
    }

    private ShopRegistry(Shops shops) {
        this.source = () -> shops;
        this.current = shops;
    }

    /** A registry that always holds these shops. */
    public static ShopRegistry of(Shops shops) {
        return new ShopRegistry(shops);
    }

    /** The snapshot of this moment. A request takes it once. */
    public Shops current() {
        return current;
    }

    /** See {@link Source#files}. */
    List<Path> files() {
        return source.files();
    }

    /** See {@link Shops#find}. */
    public Shop find(byte[] key, int from, int to) {
        return current.find(key, from, to);
    }

    /** See {@link Shops#originAllowed(CharSequence)}. */
    public boolean originAllowed(CharSequence origin) {
        return current.originAllowed(origin);
    }

    /** Reads the source again. Returns whether its content is now in use; if not, it says why in the log. */
    public synchronized boolean reload() {
        try {
            current = source.load();
            return true;
        } catch (IOException | BadShopsException | RuntimeException e) {
            LOG.warn("Shops not reloaded, the former {} stay in use: {}", current.size(), e.getMessage());
            return false;
        }
    }
}
