package io.sluice.privacy;

import io.sluice.common.Position;
import io.sluice.record.LineBuffer;
import io.sluice.shop.Shop;
import java.util.Arrays;
import java.util.UUID;

/**
 * What is the same in all lines of a request, rendered once: shop and time, the client's address and agent, protocol
 * and policy. Confined to its sink; what it renders the sink copies into each line.
 */
final class Envelope {

    /** Bytes behind the hole. */
    private static final int END = 3;

    /** Room for a pseudonym of an address in its brackets. */
    private static final int PSEUDONYM = Kind.LONGEST + Pseudonyms.LENGTH + 8;

    /** Begins what stands last in each line: {@code ,"pos":"…} without block and index. Never changes. */
    final Piece position = new Piece(64);

    /** {@code ,"shop":"…"} */
    final Piece shop = new Piece(128);
    /** {@code ,"shop":"…","rt":…} */
    final Piece shopAndTime = new Piece(128);
    /** The same and {@code ,"st":} */
    final Piece shopTimeAndSent = new Piece(128);
    /** {@code ,"ip":"…"}, or nothing. */
    final Piece address = new Piece(64);
    /** {@code ,"ua":"…"}, or nothing. */
    final Piece agent = new Piece(1024);
    /** {@code ,"ip":"…","ua":"…"}, or what there is of them. */
    final Piece addressAndAgent = new Piece(1024);
    /** {@code ,"via":"…","pv":"…"} */
    final Piece viaAndPolicy = new Piece(128);
    /** The same and <code>,"props":{</code> */
    final Piece viaPolicyAndProps = new Piece(128);
    /** All of a rejected line up to the code of its reason. */
    final Piece rejectedHead = new Piece(256);

    /** What was found in the agent: each line that has it has that, too. */
    final Findings inAgent = new Findings();

    private int length;

    Envelope(UUID incarnation, int log) {
        position.add(",\"pos\":\"");
        byte[] prefix = position.room(Position.PREFIX_LENGTH);
        Position.writePrefix(prefix, position.length, incarnation, log);
        position.length += Position.PREFIX_LENGTH;
    }

    void begin(Shop shop, String via, long receivedMillis, String policy) {
        this.shop.clear();
        this.shop.add(",\"shop\":\"");
        this.shop.add(shop.idBytes(), shop.idBytes().length);
        this.shop.add("\"");
        shopAndTime.clear();
        shopAndTime.add(this.shop.bytes, 0, this.shop.length);
        shopAndTime.add(",\"rt\":");
        shopAndTime.add(receivedMillis);
        shopTimeAndSent.clear();
        shopTimeAndSent.add(shopAndTime);
        shopTimeAndSent.add(",\"st\":");

        viaAndPolicy.clear();
        viaAndPolicy.add(",\"via\":\"");
        viaAndPolicy.add(via);
        viaAndPolicy.add("\"");

        rejectedHead.clear();
        rejectedHead.add("{");
        rejectedHead.add(shopAndTime.bytes, 1, shopAndTime.length);
        rejectedHead.add(viaAndPolicy.bytes, 0, viaAndPolicy.length);
        rejectedHead.add(",\"reason\":\"");

        viaAndPolicy.add(",\"pv\":\"");
        viaAndPolicy.add(policy);
        viaAndPolicy.add("\"");
        viaPolicyAndProps.clear();
        viaPolicyAndProps.add(viaAndPolicy);
        viaPolicyAndProps.add(",\"props\":{");

        address.clear();
        agent.clear();
        addressAndAgent.clear();
        inAgent.clear();
        length = shopTimeAndSent.length + viaPolicyAndProps.length + position.length;
    }

    /** Takes what the rules leave of the client's address. Not if it is unknown. */
    void address(byte[] client, int clientLength, Scrubber scrubber) {
        ClientData.Address action = scrubber.rules().client().address();
        if (action == ClientData.Address.DROP) {
            return;
        }
        address.add(",\"ip\":\"");
        int begin = address.length;
        byte[] text = address.room(AddressText.MAX_LENGTH + PSEUDONYM);
        if (action == ClientData.Address.TRUNCATE) {
            address.length = AddressText.write(client, clientLength, text, begin);
        } else {
            // Whole behind the place of its pseudonym, and never part of the piece.
            int end = AddressText.writeWhole(client, clientLength, text, begin + PSEUDONYM);
            address.length = scrubber.pseudonym(Kind.IP, text, begin + PSEUDONYM, end, text, begin);
            Arrays.fill(text, begin + PSEUDONYM, end, (byte) 0);
        }
        address.add("\"");
        addressAndAgent.add(address);
        length += address.length;
    }

    /** Takes what the rules leave of the User-Agent header, in ISO 8859-1. Behind the address. */
    void agent(byte[] header, int headerLength, Scrubber scrubber) {
        Action action = scrubber.rules().agentAction();
        if (action != null) {
            agent.add(",\"ua\":\"");
            int shown = Math.min(headerLength, ScrubbedSink.MAX_AGENT);
            byte[] bytes = agent.room(scrubber.bound(shown));
            agent.length = scrubber.replace(action, header, 0, shown, bytes, agent.length);
            agent.add("\"");
            inAgent.add(Kind.FIELD, scrubber.done());
        } else {
            switch (scrubber.rules().client().agent()) {
                case KEEP -> {
                    AgentText.write(header, headerLength, scrubber, agent);
                    inAgent.addAll(scrubber.found());
                    scrubber.found().clear();
                }
                case FAMILIES -> {
                    agent.add(",\"ua\":\"");
                    byte[] bytes = agent.room(AgentFamilies.MAX_LENGTH);
                    agent.length = AgentFamilies.write(header, 0, headerLength, bytes, agent.length);
                    agent.add("\"");
                }
                case DROP -> {
                    // Nothing is left.
                }
            }
        }
        addressAndAgent.add(agent);
        length += agent.length;
    }

    /** Ends the line up to {@code at} with its position, the hole of which is left to the flush. */
    void endLine(LineBuffer lines, int at) {
        int hole = position(lines.array(), at);
        lines.endLine(hole + Position.SUFFIX_LENGTH + END, hole);
    }

    /** The same of a line that tells but its hour. */
    void endHourlyLine(LineBuffer lines, int at) {
        int hole = position(lines.array(), at);
        lines.endHourlyLine(hole + Position.SUFFIX_LENGTH + END, hole);
    }

    /** Writes the position and what closes the line, and answers where the hole is. */
    private int position(byte[] dst, int from) {
        int hole = position.copyTo(dst, from);
        int at = hole + Position.SUFFIX_LENGTH;
        dst[at] = '"';
        dst[at + 1] = '}';
        dst[at + 2] = '\n';
        return hole;
    }

    /** Bytes of all that goes into a line of an event. */
    int length() {
        return length;
    }
}
