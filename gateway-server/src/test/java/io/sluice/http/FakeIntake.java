package io.sluice.http;

import io.sluice.common.LoopHandle;
import io.sluice.intake.Intake;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Protocol;
import io.sluice.ring.Reply;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An intake that keeps copies of what it is offered and answers as a test tells it to. */
final class FakeIntake implements Intake {

    enum Mode {
        ANSWER,
        /** Replies from within the offer already, before STAGED is returned. */
        REPLY_AT_ONCE,
        /** As {@link #HOLD}, of a request that would have held up the loop. */
        GIVE_AWAY,
        /** Replies when the test says so. */
        HOLD,
        NO_CREDIT,
        THROW
    }

    /** A copy of a request that was offered and looked at. */
    record Seen(
            Protocol protocol,
            String query,
            String body,
            String userAgent,
            String key,
            String origin,
            String address) {}

    static final UUID INCARNATION = new UUID(0x0123456789abcdefL, 0x8edcba9876543210L);

    final LoopHandle loop;
    volatile Mode mode = Mode.ANSWER;
    final List<Seen> seen = new ArrayList<>();
    /** Of each of these, what was said about consent: flags, country, cookies. */
    final List<String> consents = new ArrayList<>();

    final BlockingQueue<Reply> held = new LinkedBlockingQueue<>();
    final BlockingQueue<Admission> admissions = new LinkedBlockingQueue<>();
    /** How long it takes over each request, so that all others wait. */
    volatile Duration work = Duration.ZERO;
    /** When it was offered each request. */
    final List<Long> offeredNanos = Collections.synchronizedList(new ArrayList<>());

    private Runnable credit;

    FakeIntake(LoopHandle loop) {
        this.loop = loop;
    }

    @Override
    public Admission offer(FramedRequest request, Reply reply) {
        long began = System.nanoTime();
        offeredNanos.add(began);
        Admission admission = decide(request, reply);
        while (System.nanoTime() - began < work.toNanos()) {
            Thread.onSpinWait();
        }
        admissions.add(admission);
        return admission;
    }

    private Admission decide(FramedRequest request, Reply reply) {
        assert loop.inLoop();
        switch (mode) {
            case NO_CREDIT -> {
                return Admission.NO_CREDIT;
            }
            case THROW -> throw new IllegalStateException("secret@example.com");
            default -> {}
        }
        synchronized (seen) {
            seen.add(new Seen(
                    request.protocol(),
                    text(request.query()),
                    text(request.body()),
                    text(request.userAgent()),
                    text(request.headerKey()),
                    text(request.origin()),
                    address(request)));
            consents.add((request.globalPrivacyControl() ? "gpc " : "") + (request.doNotTrack() ? "dnt " : "")
                    + text(request.country()) + " " + text(request.consentCookies()));
        }
        reply.begin(200);
        if (request.protocol() == Protocol.EVENTS) {
            reply.append(("{\"n\":\"" + text(request.query()) + "\",\"length\":"
                            + request.body().length() + ",\"pos\":\"")
                    .getBytes(StandardCharsets.ISO_8859_1));
            reply.expectPositions();
            reply.position(INCARNATION, 0, 1, 2);
        }
        if (mode == Mode.ANSWER) {
            return Admission.ANSWERED;
        }
        if (mode == Mode.REPLY_AT_ONCE) {
            reply.target().replied(reply);
        } else {
            held.add(reply);
        }
        return mode == Mode.GIVE_AWAY ? Admission.GIVEN_AWAY : Admission.STAGED;
    }

    List<Seen> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    List<String> consents() {
        synchronized (seen) {
            return List.copyOf(consents);
        }
    }

    void reply(Reply reply) {
        loop.execute(() -> reply.target().replied(reply));
    }

    void creditReturns() {
        loop.execute(credit);
    }

    @Override
    public void onCredit(Runnable callback) {
        credit = callback;
    }

    @Override
    public void drain(Runnable done) {
        loop.execute(() -> {
            for (Reply reply; (reply = held.poll()) != null; ) {
                reply.target().replied(reply);
            }
            done.run();
        });
    }

    /** In decimal or in groups, empty if it is unknown. */
    private static String address(FramedRequest request) {
        try {
            byte[] bytes = Arrays.copyOf(request.address(), request.addressLength());
            return bytes.length == 0 ? "" : InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(FramedRequest.Bytes bytes) {
        return new String(bytes.array(), 0, bytes.length(), StandardCharsets.ISO_8859_1);
    }
}
