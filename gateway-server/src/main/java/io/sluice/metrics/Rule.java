package io.sluice.metrics;

/** A kind of personal data and what is done with it. Counted by shop in {@link ShopCells}. */
public record Rule(String kind, String action) {}
