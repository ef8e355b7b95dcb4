package io.sluice.oracle;

import java.io.IOException;
import java.io.InputStream;

/** Where delivered objects are: a directory, or anything that lists and opens. One thread. */
interface ObjectSource {

    @FunctionalInterface
    interface Visitor {

        /** @param name as {@link #open} takes it and messages show it */
        void object(String name) throws IOException;
    }

    /** Shows the name of every object, holding but a part of them; those of a second call are the same. */
    void list(Visitor visitor) throws IOException;

    /** The bytes of an object as they were delivered. */
    InputStream open(String name) throws IOException;
}
