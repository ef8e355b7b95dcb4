package io.sluice.privacy;

/**
 * What is done with what the connection tells of the client.
 *
 * @param address with its address, which is never kept whole
 * @param agent with its User-Agent, be it the header or what the event says
 */
record ClientData(Address address, Agent agent) {

    /** What is done with an address. */
    enum Address {
        /** Its network stays: /24 of IPv4, /48 of IPv6. */
        TRUNCATE("truncate"),
        /** A pseudonym stands in its place. */
        HASH("hash"),
        /** Nothing is written. */
        DROP("drop");

        private final String key;

        Address(String key) {
            this.key = key;
        }

        /** As policies name it. */
        String key() {
            return key;
        }
    }

    /** What is done with a User-Agent. */
    enum Agent {
        /** It stays, scrubbed as all text is. */
        KEEP("keep"),
        /** {@link AgentFamilies} stand in its place. */
        FAMILIES("families"),
        /** Nothing is written. */
        DROP("drop");

        private final String key;

        Agent(String key) {
            this.key = key;
        }

        /** As policies name it. */
        String key() {
            return key;
        }
    }

    static final ClientData DEFAULT = new ClientData(Address.TRUNCATE, Agent.KEEP);
}
