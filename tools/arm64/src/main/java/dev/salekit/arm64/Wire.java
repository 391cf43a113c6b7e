package dev.salekit.arm64;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Values as UniFFI writes them into buffers: big-endian, texts with their length before them. */
final class Wire {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Wire number(int value) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
        return this;
    }

    Wire large(long value) {
        out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
        return this;
    }

    Wire flag(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    Wire none() {
        return flag(false);
    }

    Wire some() {
        return flag(true);
    }

    Wire text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** A text alone is a buffer's whole content. */
    static byte[] whole(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.getInt()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
