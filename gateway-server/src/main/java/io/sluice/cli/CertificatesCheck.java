package io.sluice.cli;

import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfig;
import io.sluice.config.Problem;
import io.sluice.config.SluiceConfig;
import java.util.List;

/** How certificates are looked at, so that what the server would not take is found. */
@FunctionalInterface
public interface CertificatesCheck {

    /**
     * @param config may be one in which other things are wrong, and are as by default
     * @return what the server would take and warn of, a line each
     * @throws InvalidConfig with everything that is wrong with the files, each of which stands there as the source
     */
    List<String> check(SluiceConfig config) throws InvalidConfig;

    /**
     * The same for a report of everything.
     *
     * @param loader of the configuration: where a key names a file is said as of any other key
     * @param found gets what is wrong with the files
     */
    default List<String> check(ConfigLoader loader, SluiceConfig config, List<Problem> found) {
        try {
            return check(config);
        } catch (InvalidConfig e) {
            for (Problem problem : e.problems()) {
                String source = loader.source(problem.key());
                found.add(
                        source == null
                                ? problem
                                : new Problem(problem.key(), problem.source(), problem.expected(), source));
            }
            return List.of();
        }
    }
}
