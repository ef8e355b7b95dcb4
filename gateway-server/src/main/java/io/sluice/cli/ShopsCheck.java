package io.sluice.cli;

import io.sluice.config.SluiceConfig;

/** How {@code check} has the files of shops and policies read, so that it finds what the server would. */
@FunctionalInterface
public interface ShopsCheck {

    /** @throws Exception with a message for the user if the server would not take the files */
    void check(SluiceConfig config) throws Exception;
}
