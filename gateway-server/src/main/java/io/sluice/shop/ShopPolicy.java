package io.sluice.shop;

/** What the events of a shop are scrubbed by. Immutable. What is in it only the package that scrubs knows. */
public interface ShopPolicy {

    /** As shops name it. */
    String name();

    /** For messages: the name, with whatever tells it from what had this name before. */
    default String label() {
        return name();
    }
}
