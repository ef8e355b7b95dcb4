package io.sluice.beacon;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import io.sluice.json.Utf8;
import io.sluice.metrics.Reason;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.protocol.Query;

/**
 * {@code GET /p.gif?k=SHOP&e=EVENT&…}: one event, whose members are the parameters, all of them strings.
 *
 * <p>Confined to its loop; allocates nothing once its scratch has grown to the longest query. The parameters become a
 * JSON object in scratch, which is then read like any other event: so names, times and duplicates mean the same here.
 * Bytes that are not UTF-8 become U+FFFD. The write key is left out. What is no event is refused.
 */
final class PixelDecoder implements Decoder {

    /** Most bytes of JSON that a byte of a query becomes: an escape of six, or half of {@code &a} with its quotes. */
    private static final int GROWTH = 8;

    private static final String WRITE_KEY = "k";

    private final Query query = new Query();
    private final Scanner scanner = new Scanner();
    private final EventReader reader;
    private byte[] decoded = new byte[1024];
    private byte[] json = new byte[8 * 1024];

    PixelDecoder(int maxEventBytes) {
        reader = new EventReader(maxEventBytes);
    }

    @Override
    public void decode(FramedRequest request, ScrubbedSink sink, Outcome outcome) {
        outcome.clear();
        int length = request.query().length();
        int end = render(request.query().array(), length);
        scanner.reset(json, end);
        int behind = reader.read(scanner, 0, sink);
        assert behind == end;
        Reason reason = reader.reason();
        if (reason != null) {
            // An image cannot say that its event was rejected, but that it failed.
            sink.rollback();
            outcome.refuse(reason, -1);
            return;
        }
        sink.endEvent();
        outcome.accept();
        if (sink.stagedBytes() > Decoders.stagedBound(length)) {
            sink.rollback();
            outcome.clear();
            outcome.refuse(Reason.TOO_MANY_EVENTS, -1);
            return;
        }
        sink.end();
    }

    private int render(byte[] bytes, int length) {
        if (json.length < GROWTH * (length + 1) + Scanner.PADDING) {
            json = new byte[GROWTH * (length + 1) + Scanner.PADDING];
            decoded = new byte[length];
        }
        if (decoded.length < length) {
            decoded = new byte[length];
        }
        query.reset(bytes, length);
        json[0] = '{';
        int at = 1;
        while (query.next()) {
            if (query.nameIs(WRITE_KEY)) {
                continue;
            }
            if (at > 1) {
                json[at++] = ',';
            }
            at = string(bytes, query.nameFrom(), query.nameTo(), at);
            json[at++] = ':';
            at = string(bytes, query.valueFrom(), query.valueTo(), at);
        }
        json[at++] = '}';
        return at;
    }

    private int string(byte[] bytes, int from, int to, int at) {
        json[at] = '"';
        int behind = ascii(bytes, from, to, at + 1);
        if (behind < 0) {
            behind = text(bytes, from, to, at + 1);
        }
        json[behind] = '"';
        return behind + 1;
    }

    /** In one go what is ASCII, as nearly all is: the offset behind it, or -1 for what is not. */
    private int ascii(byte[] bytes, int from, int to, int at) {
        byte[] out = json;
        while (from < to) {
            int escaped = Query.escaped(bytes, from, to);
            int c = Query.decoded(bytes[from], escaped);
            if (c > 0x7f) {
                return -1;
            }
            at = JsonWriter.character(c, out, at);
            from += Query.encodedLength(escaped);
        }
        return at;
    }

    private int text(byte[] bytes, int from, int to, int at) {
        int length = Query.decode(bytes, from, to, decoded, 0);
        int i = 0;
        while (i < length) {
            int c = decoded[i];
            if (c >= 0) {
                at = JsonWriter.character(c, json, at);
                i++;
                continue;
            }
            int bytesOfCharacter = Utf8.length(decoded, i, length);
            if (bytesOfCharacter == 0) {
                json[at] = (byte) 0xef;
                json[at + 1] = (byte) 0xbf;
                json[at + 2] = (byte) 0xbd;
                at += 3;
                i++;
            } else {
                for (int k = 0; k < bytesOfCharacter; k++) {
                    json[at++] = decoded[i++];
                }
            }
        }
        return at;
    }
}
