package io.sluice.privacy;

import io.sluice.common.Position;
import io.sluice.shop.Shop;
import java.util.UUID;

/**
 * What is the same in all lines of a request, rendered once: shop and time, the client's address and agent, protocol
 * and policy. Confined to its sink; what it renders the sink copies into each line.
 */
final class Envelope {

    /** Begins what stands last in each line: {@code ,"pos":"…} without block and index. Never changes. */
    final Piece position = new Piece(64);

    /** {@code ,"shop":"…"} */
    final Piece shop = new Piece(128);
    /** {@code ,"shop":"…","rt":…} */
    final Piece shopAndTime = new Piece(128);
    /** {@code ,"ip":"…"}, or nothing. */
    final Piece address = new Piece(64);
    /** {@code ,"ua":"…"}, or nothing. */
    final Piece agent = new Piece(1024);
    /** {@code ,"via":"…","pv":"…"} */
    final Piece viaAndPolicy = new Piece(128);
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

        address.clear();
        agent.clear();
        inAgent.clear();
        length = shopAndTime.length + viaAndPolicy.length + position.length;
    }

    /** Takes the network of the client's address. Not if it is unknown. */
    void address(byte[] address, int addressLength) {
        this.address.add(",\"ip\":\"");
        byte[] text = this.address.room(AddressText.MAX_LENGTH);
        this.address.length = AddressText.write(address, addressLength, text, this.address.length);
        this.address.add("\"");
        length += this.address.length;
    }

    /** Takes the User-Agent header, in ISO 8859-1, scrubbed. */
    void agent(byte[] header, int headerLength, Scrubber scrubber) {
        AgentText.write(header, headerLength, scrubber, agent);
        inAgent.addAll(scrubber.found());
        scrubber.found().clear();
        length += agent.length;
    }

    /** Bytes of all that goes into a line of an event. */
    int length() {
        return length;
    }
}
