package io.sluice.load.protocol;

/**
 * Who sends a request, and where to.
 *
 * @param host what stands in the Host header: name and port
 * @param key the shop's write key
 * @param site the shop's origin, such as {@code https://shop-0001.example}
 * @param agent the browser's User-Agent
 */
public record Sender(String host, String key, String site, String agent) {}
