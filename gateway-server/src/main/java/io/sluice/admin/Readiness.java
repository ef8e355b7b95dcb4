package io.sluice.admin;

import java.util.List;

/** Whether new beacons should be sent here. */
@FunctionalInterface
public interface Readiness {

    /** Why not, in a few words each without any data of shops or persons; empty if they should. Any thread. */
    List<String> reasons();
}
