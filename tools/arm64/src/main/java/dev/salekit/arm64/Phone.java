package dev.salekit.arm64;

import com.github.unidbg.AndroidEmulator;
import com.github.unidbg.Module;
import com.github.unidbg.file.linux.AndroidFileIO;
import com.github.unidbg.linux.android.AndroidARM64Emulator;
import com.github.unidbg.linux.android.AndroidResolver;
import com.github.unidbg.memory.Memory;
import com.github.unidbg.memory.SvcMemory;
import com.github.unidbg.pointer.UnidbgPointer;
import com.github.unidbg.unix.UnixSyscallHandler;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import unicorn.Arm64Const;

/** The library for arm64 Android, loaded by an emulated processor. Calls go by UniFFI's C interface, which is all that it exports. */
final class Phone implements AutoCloseable {
    /** The oldest C library there is for it: Android 6's, one release older than the oldest that SaleKit is for. */
    private static final int BIONIC = 23;

    private static final int BUFFER = 24;
    private static final int STATUS = 32;
    private static final int MOMENT_MICROS = 50_000;

    private final AndroidEmulator emulator;
    private final Module module;

    /** {@code files} is the folder that is its root directory. */
    Phone(File library, File files) {
        emulator = new Machine(files);
        Memory memory = emulator.getMemory();
        memory.setLibraryResolver(new AndroidResolver(BIONIC));
        module = emulator.loadLibrary(library, true);
    }

    /** With a kernel that lets threads wait. */
    private static final class Machine extends AndroidARM64Emulator {
        Machine(File files) {
            super("dev.salekit.sample", files, List.of());
        }

        @Override
        protected UnixSyscallHandler<AndroidFileIO> createSyscallHandler(SvcMemory memory) {
            return new Kernel(memory);
        }
    }

    /** An error that the library returned: its variant's number, from 1, and the rest of it. */
    static final class Refused extends Exception {
        final int variant;
        final byte[] rest;

        Refused(byte[] error) {
            super("error " + ByteBuffer.wrap(error).getInt());
            variant = ByteBuffer.wrap(error).getInt();
            rest = Arrays.copyOfRange(error, 4, error.length);
        }
    }

    /** While this thread sleeps, the others have their turns. */
    void waitAMoment() {
        emulator.getMemory().findModule("libc.so").callFunction(emulator, "usleep", MOMENT_MICROS);
    }

    /** A function without arguments or errors, as those of versions and checksums are. */
    int plain(String name) {
        return module.callFunction(emulator, name).intValue();
    }

    /** A function that returns a buffer. */
    byte[] bytes(String name, Object... arguments) throws Refused {
        UnidbgPointer out = allocate(BUFFER);
        call(name, out, arguments);
        return contents(out);
    }

    /** A function that returns a number, such as an object's handle. */
    long number(String name, Object... arguments) throws Refused {
        return call(name, null, arguments);
    }

    private long call(String name, UnidbgPointer out, Object... arguments) throws Refused {
        UnidbgPointer status = allocate(STATUS);
        status.write(0, new byte[STATUS], 0, STATUS);
        Object[] all = new Object[arguments.length + 1];
        for (int i = 0; i < arguments.length; i++) {
            // A buffer goes by its address, as arm64 wants of structures of more than 16 bytes.
            all[i] = arguments[i] instanceof byte[] content ? buffer(content).peer : arguments[i];
        }
        all[arguments.length] = status.peer;
        // Where a large structure is returned.
        if (out != null) emulator.getBackend().reg_write(Arm64Const.UC_ARM64_REG_X8, out.peer);
        long returned = module.callFunction(emulator, name, all).longValue();
        if (status.getByte(0) != 0) {
            byte[] error = contents((UnidbgPointer) status.share(8));
            if (status.getByte(0) != 1) throw new IllegalStateException(name + " panicked: " + new String(error, StandardCharsets.UTF_8));
            throw new Refused(error);
        }
        return returned;
    }

    /** Another reference to an object: a method takes the one that it is given. */
    long another(String type, long handle) throws Refused {
        return number("uniffi_salekit_fn_clone_" + type, handle);
    }

    /** Bytes that stay the caller's; they are two arguments, a length and an address. */
    UnidbgPointer foreign(byte[] content) {
        UnidbgPointer pointer = allocate(Math.max(16, content.length));
        pointer.write(0, content, 0, content.length);
        return pointer;
    }

    /** A buffer that the library itself has made, so that it can free it. */
    private UnidbgPointer buffer(byte[] content) {
        UnidbgPointer out = allocate(BUFFER);
        UnidbgPointer status = allocate(STATUS);
        status.write(0, new byte[STATUS], 0, STATUS);
        emulator.getBackend().reg_write(Arm64Const.UC_ARM64_REG_X8, out.peer);
        module.callFunction(emulator, "ffi_salekit_rustbuffer_from_bytes", (long) content.length, foreign(content).peer, status.peer);
        if (status.getByte(0) != 0) throw new IllegalStateException("no buffer of " + content.length + " bytes");
        return out;
    }

    private static byte[] contents(UnidbgPointer buffer) {
        long length = buffer.getLong(8);
        UnidbgPointer data = buffer.getPointer(16);
        return length == 0 || data == null ? new byte[0] : data.getByteArray(0, (int) length);
    }

    private UnidbgPointer allocate(int bytes) {
        return emulator.getMemory().malloc(bytes, true).getPointer();
    }

    @Override
    public void close() throws java.io.IOException {
        emulator.close();
    }
}
