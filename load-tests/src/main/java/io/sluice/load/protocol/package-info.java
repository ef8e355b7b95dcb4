/**
 * How events go to a gateway: one class a protocol, one list.
 *
 * <pre>
 *   Traffic ─ Body ─▶ LoadProtocol.render ─▶ Rendered: a whole request, and where its numbers stand
 * </pre>
 *
 * <p>Requests are rendered before they are needed; sending one again writes other numbers into it. A new protocol is a
 * class that implements {@code LoadProtocol} and a line in {@code LoadProtocols}. Stateless; any thread.
 */
package io.sluice.load.protocol;
