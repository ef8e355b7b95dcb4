package io.sluice.http;

import java.util.List;

/**
 * Which header fields say where a visitor is and what he has consented to, beside those that are always read.
 *
 * @param countryHeader names the visitor's country, as whoever stands in front writes it; empty if there is none
 * @param cookies names of cookies with consent, beside the well-known ones
 */
public record ConsentConfig(String countryHeader, List<String> cookies) {

    public static final ConsentConfig NONE = new ConsentConfig("", List.of());

    public ConsentConfig {
        cookies = List.copyOf(cookies);
    }
}
