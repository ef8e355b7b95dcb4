package io.sluice.attack;

/**
 * One way to do harm.
 *
 * @param name one word, for options and tables
 * @param about what it does, in one line
 * @param known the name that it is known by, such as a CVE, or empty
 * @param most the longest p99 of good requests meanwhile, milliseconds
 * @param toBeRepelled whether the gateway has to end connections of the attacker
 */
record Attack(String name, String about, String known, long most, boolean toBeRepelled, Means means) {

    /** Starvation rather than noise: the machine is shared with whoever attacks. */
    static final long ALIVE_MILLIS = 1_000;

    /** Runs until the field is over; may end before. */
    interface Means {
        void on(Field field) throws Exception;
    }

    static Attack of(String name, String about, Means means) {
        return new Attack(name, about, "", ALIVE_MILLIS, false, means);
    }

    Attack known(String as) {
        return new Attack(name, about, as, most, toBeRepelled, means);
    }

    /** Good requests have to stay below {@code millis} at the 99th percentile. */
    Attack within(long millis) {
        return new Attack(name, about, known, millis, toBeRepelled, means);
    }

    /** Not to be borne: attackers that go on have to be sent away while it lasts. */
    Attack repelled() {
        return new Attack(name, about, known, most, true, means);
    }
}
