package io.sluice.beacon;

import io.sluice.json.Fault;
import io.sluice.json.Scanner;
import io.sluice.json.Swar;
import io.sluice.metrics.Reason;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;

/**
 * {@code POST /v1/events}: one JSON object, an array of objects, or NDJSON. Which one is seen from the body; the
 * content type is not asked.
 *
 * <p>Confined to its loop; allocates nothing per event. One pass over the body, two over one that turns out to be lines
 * only behind its first value.
 *
 * <p>What cannot be taken is quarantined event by event, as long as it is clear where the event ends: always in NDJSON,
 * and in an array unless its grammar is broken. A body in which nothing is an object and something is not JSON is
 * refused.
 */
final class EventsDecoder implements Decoder {

    private final int maxEvents;
    private final Scanner scanner = new Scanner();
    private final EventReader reader;

    private byte[] body;
    private int length;
    private ScrubbedSink sink;
    private Outcome outcome;
    private int stagedBound;

    EventsDecoder(int maxEvents, int maxEventBytes) {
        this.maxEvents = maxEvents;
        reader = new EventReader(maxEventBytes);
    }

    @Override
    public void decode(FramedRequest request, ScrubbedSink sink, Outcome outcome) {
        body = request.body().array();
        length = request.body().length();
        this.sink = sink;
        this.outcome = outcome;
        stagedBound = Decoders.stagedBound(length);
        outcome.clear();
        scanner.reset(body, length);
        int at = scanner.space(Utf8Mark.skip(body, length));
        boolean taken;
        if (at == length) {
            taken = refuse(Reason.BODY_EMPTY, 0);
        } else if (body[at] == '[') {
            taken = array(at);
        } else {
            taken = lines(at);
        }
        if (taken) {
            sink.end();
        }
    }

    private boolean array(int begin) {
        int at = scanner.space(begin + 1);
        if (at < length && body[at] == ']') {
            at++;
        } else {
            for (; ; ) {
                int behind = value(at);
                if (behind == Scanner.FAILED) {
                    behind = element(at);
                    if (behind == Scanner.FAILED) {
                        return false;
                    }
                } else if (!settle(at, behind)) {
                    return false;
                }
                at = scanner.space(behind);
                if (at < length && body[at] == ',') {
                    at = scanner.space(at + 1);
                } else if (at < length && body[at] == ']') {
                    at++;
                    break;
                } else {
                    return refuse(Reason.MALFORMED_JSON, at);
                }
            }
        }
        at = scanner.space(at);
        return at == length || refuse(Reason.MALFORMED_JSON, at);
    }

    /** Quarantines the faulty element at {@code begin} if its end is plain, else refuses the request. */
    private int element(int begin) {
        Fault fault = scanner.fault();
        int offset = scanner.faultOffset();
        boolean bracketed = begin < length && (body[begin] == '{' || body[begin] == '[');
        int behind = fault == Fault.MALFORMED || !bracketed ? Scanner.FAILED : scanner.skipLoosely(begin);
        if (behind == Scanner.FAILED) {
            refuse(reason(fault), offset);
            return Scanner.FAILED;
        }
        return reject(reason(fault), offset, behind - begin) ? behind : Scanner.FAILED;
    }

    private boolean lines(int begin) {
        // One object may span lines, if it is the first or the only one.
        int behind = value(begin);
        int firstFault = scanner.faultOffset();
        Fault fault = behind == Scanner.FAILED ? scanner.fault() : Fault.MALFORMED;
        int at = begin;
        boolean objects = false;
        if (behind != Scanner.FAILED) {
            firstFault = blank(behind, length);
            int lineEnd = Swar.indexOf(body, behind, length, '\n');
            if (firstFault >= lineEnd) {
                objects = body[begin] == '{';
                if (!settle(begin, behind)) {
                    return false;
                }
                at = lineEnd + 1;
                firstFault = -1;
            }
        }
        while (at < length) {
            int lineEnd = Swar.indexOf(body, at, length, '\n');
            int lineBegin = blank(at, lineEnd);
            if (lineBegin < lineEnd) {
                scanner.reset(body, lineEnd);
                behind = value(lineBegin);
                int rest = behind == Scanner.FAILED ? scanner.faultOffset() : blank(behind, lineEnd);
                if (behind != Scanner.FAILED && rest == lineEnd) {
                    objects |= body[lineBegin] == '{';
                    if (!settle(lineBegin, behind)) {
                        return false;
                    }
                } else {
                    Reason reason = behind == Scanner.FAILED ? reason(scanner.fault()) : Reason.MALFORMED_JSON;
                    if (firstFault < 0) {
                        firstFault = rest;
                        fault = behind == Scanner.FAILED ? scanner.fault() : Fault.MALFORMED;
                    }
                    if (!reject(reason, rest, lineEnd - lineBegin)) {
                        return false;
                    }
                }
            }
            at = lineEnd + 1;
        }
        return objects || firstFault < 0 || refuse(reason(fault), firstFault);
    }

    /** Scans the value at {@code at}: an object as an event, anything else for its end only. */
    private int value(int at) {
        return at < length && body[at] == '{' ? reader.read(scanner, at, sink) : scanner.value(at, 0);
    }

    /** Takes or rejects the value that was scanned last. Answers whether the request is still good. */
    private boolean settle(int begin, int behind) {
        if (body[begin] != '{') {
            return reject(Reason.NOT_AN_OBJECT, begin, behind - begin);
        }
        if (reader.reason() != null) {
            return reject(reader.reason(), reader.reasonOffset(), behind - begin);
        }
        if (outcome.accepted() + outcome.rejected() == maxEvents) {
            return refuse(Reason.TOO_MANY_EVENTS, begin);
        }
        sink.endEvent();
        outcome.accept();
        return sink.stagedBytes() <= stagedBound || refuse(Reason.TOO_MANY_EVENTS, begin);
    }

    private boolean reject(Reason reason, int offset, int bytes) {
        int index = outcome.accepted() + outcome.rejected();
        if (index == maxEvents) {
            return refuse(Reason.TOO_MANY_EVENTS, offset);
        }
        sink.reject(reason, index, offset, bytes);
        outcome.reject(index, reason, offset);
        return sink.stagedBytes() <= stagedBound || refuse(Reason.TOO_MANY_EVENTS, offset);
    }

    private boolean refuse(Reason reason, int offset) {
        sink.rollback();
        outcome.clear();
        outcome.refuse(reason, offset);
        return false;
    }

    /** The first byte of {@code [from, to)} that is not white space, or {@code to}. */
    private int blank(int from, int to) {
        int at = from;
        while (at < to && (body[at] == ' ' || body[at] == '\t' || body[at] == '\r' || body[at] == '\n')) {
            at++;
        }
        return at;
    }

    private static Reason reason(Fault fault) {
        return switch (fault) {
            case MALFORMED -> Reason.MALFORMED_JSON;
            case INVALID_UTF8 -> Reason.INVALID_UTF8;
            case TOO_DEEP -> Reason.TOO_DEEP;
        };
    }
}
