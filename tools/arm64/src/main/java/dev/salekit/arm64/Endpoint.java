package dev.salekit.arm64;

import com.github.unidbg.pointer.UnidbgPointer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is behind a file's number in the {@link Kernel}. Nothing here ever blocks. */
abstract class Endpoint {
    static final long REFUSED = -111;
    private static final long AGAIN = -11;
    private static final long IN_PROGRESS = -115;
    private static final long INVALID = -22;
    private static final int READABLE = 1;
    private static final int WRITABLE = 4;
    private static final int HUNG_UP = 0x2000;

    /** News since the last report, as edge-triggered events are: bits of epoll. */
    private int news;

    /** What is ready now. */
    abstract int ready();

    final void tell(int events) {
        news |= events;
    }

    long read(UnidbgPointer into, int length) throws IOException {
        return INVALID;
    }

    long write(byte[] data) throws IOException {
        return INVALID;
    }

    long connect(byte[] address) throws IOException {
        return INVALID;
    }

    byte[] address(boolean ofPeer) throws IOException {
        return new byte[16];
    }

    int failure() {
        return 0;
    }

    void close() throws IOException {}

    /** eventfd. */
    static final class Counter extends Endpoint {
        private long count;

        Counter(int count) {
            this.count = count;
        }

        @Override
        int ready() {
            return count > 0 ? READABLE : 0;
        }

        @Override
        long read(UnidbgPointer into, int length) {
            if (count == 0) return AGAIN;
            into.setLong(0, count);
            count = 0;
            return 8;
        }

        @Override
        long write(byte[] data) {
            count += ByteBuffer.wrap(data).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
            tell(READABLE);
            return 8;
        }
    }

    /** A connection of this machine's. */
    static final class Stream extends Endpoint {
        private final SocketChannel channel;
        private final ByteBuffer arrived = ByteBuffer.allocate(65536).flip();
        private boolean ended;
        private boolean connected;
        private int failure;

        Stream() throws IOException {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
        }

        @Override
        long connect(byte[] address) throws IOException {
            // Family, port and address, the last two in the network's order.
            int port = (address[2] & 0xff) << 8 | address[3] & 0xff;
            byte[] host = {address[4], address[5], address[6], address[7]};
            channel.connect(new InetSocketAddress(InetAddress.getByAddress(host), port));
            return IN_PROGRESS;
        }

        @Override
        int ready() {
            try {
                if (!connected) {
                    if (!channel.finishConnect()) return 0;
                    connected = true;
                    tell(WRITABLE);
                }
                if (!arrived.hasRemaining() && !ended) {
                    arrived.clear();
                    int count = channel.read(arrived);
                    arrived.flip();
                    ended = count < 0;
                    if (count != 0) tell(ended ? READABLE | HUNG_UP : READABLE);
                }
            } catch (java.nio.channels.NoConnectionPendingException notYet) {
                return 0;
            } catch (IOException failed) {
                failure = (int) -REFUSED;
                if (!ended) tell(READABLE | WRITABLE | HUNG_UP);
                ended = true;
                connected = true;
            }
            return WRITABLE | (arrived.hasRemaining() || ended ? READABLE : 0);
        }

        @Override
        long read(UnidbgPointer into, int length) {
            ready();
            if (!arrived.hasRemaining()) return ended ? 0 : AGAIN;
            byte[] data = new byte[Math.min(length, arrived.remaining())];
            arrived.get(data);
            into.write(0, data, 0, data.length);
            return data.length;
        }

        @Override
        long write(byte[] data) throws IOException {
            int written = channel.write(ByteBuffer.wrap(data));
            if (written < data.length) tell(WRITABLE);
            return written == 0 && data.length > 0 ? AGAIN : written;
        }

        @Override
        byte[] address(boolean ofPeer) throws IOException {
            InetSocketAddress address = (InetSocketAddress) (ofPeer ? channel.getRemoteAddress() : channel.getLocalAddress());
            return ByteBuffer.allocate(16).put((byte) 2).put((byte) 0).putShort((short) address.getPort())
                .put(address.getAddress().getAddress()).array();
        }

        @Override
        int failure() {
            return failure;
        }

        @Override
        void close() throws IOException {
            channel.close();
        }
    }

    /** epoll, edge-triggered as mio asks for. */
    static final class Poll extends Endpoint {
        private record Watched(Endpoint endpoint, int events, long data) {}

        private final Map<Integer, Watched> watched = new LinkedHashMap<>();

        void watch(int file, Endpoint endpoint, int events, long data) {
            endpoint.tell(endpoint.ready());
            watched.put(file, new Watched(endpoint, events, data));
        }

        void forget(int file) {
            watched.remove(file);
        }

        @Override
        int ready() {
            return anyNews() ? READABLE : 0;
        }

        boolean anyNews() {
            boolean any = false;
            for (Watched each : watched.values()) {
                each.endpoint.ready();
                any |= (each.endpoint.news & (each.events | HUNG_UP)) != 0;
            }
            return any;
        }

        /** Writes what is new, {@code most} entries at most. */
        int take(UnidbgPointer out, int most) {
            int count = 0;
            for (Watched each : watched.values()) {
                if (count == most) break;
                int found = each.endpoint.news & (each.events | HUNG_UP);
                if (found == 0) continue;
                each.endpoint.news = 0;
                out.setInt(16L * count, found);
                out.setLong(16L * count + 8, each.data);
                count++;
            }
            return count;
        }
    }
}
