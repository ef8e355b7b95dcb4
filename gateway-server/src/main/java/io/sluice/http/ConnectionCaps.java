package io.sluice.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many connections there are, in all and from each address, and how many there may be.
 *
 * <p>Any thread; no lock. Addresses are counted in two tables of fixed size, each at a place that a secret decides, and
 * the lesser count is theirs: memory does not grow with attackers, and an address is taken for fuller than it is only
 * if others fill both of its places. One of IPv6 counts with its /64, which is what a single customer has.
 */
final class ConnectionCaps {

    /** 512 KiB in all. Where 64 addresses are full, as many as can be, one of a million others is taken for full. */
    private static final int SLOTS = 1 << 16;

    /** This part of the places is kept free as long as idle connections can give way. */
    private static final int RESERVE = 16;

    private final int most;
    private final int crowded;
    private final int mostOfAddress;
    private final long secret = ThreadLocalRandom.current().nextLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicIntegerArray first = new AtomicIntegerArray(SLOTS);
    private final AtomicIntegerArray second = new AtomicIntegerArray(SLOTS);
    private final ChannelFutureListener closed = future -> closed();

    /** Gives an address its place back. */
    private record Place(ConnectionCaps caps, long hash) implements ChannelFutureListener {

        @Override
        public void operationComplete(ChannelFuture future) {
            caps.leave(hash);
        }
    }

    ConnectionCaps(int most, int mostOfAddress) {
        this.most = most;
        this.crowded = most - Math.max(1, most / RESERVE);
        this.mostOfAddress = mostOfAddress;
    }

    /** Counts one connection more. Returns false if there are as many as may be. {@link #closed} follows. */
    boolean tryOpen() {
        // Two threads at once may both be refused the last place: no harm.
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    void closed() {
        open.decrementAndGet();
    }

    /** Whether so few places are left that idle connections are to give way to new ones. */
    boolean crowded() {
        return open.get() > crowded;
    }

    /** Calls {@link #closed} when the connection does. */
    void closesWith(Channel connection) {
        connection.closeFuture().addListener(closed);
    }

    /** Counts a connection for its address. Returns false if that has as many as it may. {@link #leave} follows. */
    boolean tryEnter(byte[] address) {
        long hash = hash(address);
        int inFirst = first.incrementAndGet(slot(hash));
        int inSecond = second.incrementAndGet(slot(hash >>> 32));
        if (Math.min(inFirst, inSecond) > mostOfAddress) {
            leave(hash);
            return false;
        }
        return true;
    }

    void leave(byte[] address) {
        leave(hash(address));
    }

    /** Calls {@link #leave} when the connection closes. */
    void leavesWith(Channel connection, byte[] address) {
        connection.closeFuture().addListener(new Place(this, hash(address)));
    }

    private void leave(long hash) {
        first.decrementAndGet(slot(hash));
        second.decrementAndGet(slot(hash >>> 32));
    }

    private static int slot(long hash) {
        return (int) hash & SLOTS - 1;
    }

    private long hash(byte[] address) {
        long key = 0;
        for (int i = 0; i < Math.min(address.length, Long.BYTES); i++) {
            key = key << 8 | address[i] & 0xFF;
        }
        // The finalizer of SplitMix64, twice: every bit of address and secret moves every bit of both places.
        return mix(mix(key + secret) ^ Long.rotateLeft(secret, 32));
    }

    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
