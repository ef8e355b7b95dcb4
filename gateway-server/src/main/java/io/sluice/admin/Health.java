package io.sluice.admin;

import java.util.List;

/** Whether the process does its work: its loops turn and its committer answers. If not, only a restart helps. */
@FunctionalInterface
public interface Health {

    /** What is wrong, in a few words each without any data of shops or persons; empty if nothing is. Any thread. */
    List<String> failures();
}
