package io.sluice.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where delivered objects are: a directory, or anything that lists and opens. One thread. */
interface ObjectSource {

    /** The names of all objects, as {@link #open} takes them and messages show them. */
    List<String> list() throws IOException;

    /** The bytes of an object as they were delivered. */
    InputStream open(String name) throws IOException;
}
