package io.sluice.http;

import java.util.List;

/**
 * Which header fields say where a visitor is and what he has consented to, beside those that are always read.
 *
 * @param countryHeader names the visitor's country, as the trusted proxies write it; empty if they do not
 * @param cookies names of cookies with consent, beside the well-known ones
 */
public record ConsentConfig(String countryHeader, List<String> cookies) {

    public static final ConsentConfig NONE = new ConsentConfig("", List.of());

    public ConsentConfig {
        cookies = List.copyOf(cookies);
    }
}
