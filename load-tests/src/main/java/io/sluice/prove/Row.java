package io.sluice.prove;

/**
 * One fault: what is done, and what of it is allowed.
 *
 * @param name for the command line
 * @param title for people
 * @param about what is done, in a sentence
 * @param duplicates which records may be found twice
 * @param script does it
 */
record Row(String name, String title, String about, Duplicates duplicates, Script script) {

    /** Records that may be delivered twice; those that the client has sent twice always may. */
    enum Duplicates {
        /** At most as many blocks as the gateway has counted as unknown: it was not told whether they were taken. */
        COUNTED("blocks counted as unknown"),
        /** What was under way or not yet marked as delivered when a process ended: so many blocks an end. */
        UNDER_WAY("what was under way at a kill"),
        /** What is delivered again on request: so many blocks as the replay says, and those of unknown outcome. */
        REPLAYED("what was replayed");

        private final String text;

        Duplicates(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** Runs on the row's own stage, and leaves it when everything is delivered. */
    @FunctionalInterface
    interface Script {
        void play(Stage stage) throws Exception;
    }
}
