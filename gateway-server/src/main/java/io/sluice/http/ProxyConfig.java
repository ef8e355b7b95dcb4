package io.sluice.http;

import io.sluice.common.Networks;

/**
 * Who may say that a connection or a request comes from somebody else.
 *
 * @param protocol networks whose connections must begin with a header of the PROXY protocol; {@link Networks#ALL} if
 *     all must
 * @param trusted networks of proxies whose requests name the client in a header field
 * @param field which field that is. Only one: a proxy that adds to one of them passes the other on as it came
 */
public record ProxyConfig(Networks protocol, Networks trusted, Field field) {

    public static final ProxyConfig NONE = new ProxyConfig(Networks.NONE, Networks.NONE, Field.X_FORWARDED_FOR);

    /** The field in which proxies name clients. */
    public enum Field {
        X_FORWARDED_FOR,
        /** RFC 7239. */
        FORWARDED
    }
}
