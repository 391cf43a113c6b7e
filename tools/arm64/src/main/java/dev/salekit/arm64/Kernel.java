package dev.salekit.arm64;

import com.github.unidbg.Emulator;
import com.github.unidbg.arm.context.RegisterContext;
import com.github.unidbg.linux.ARM64SyscallHandler;
import com.github.unidbg.memory.SvcMemory;
import com.github.unidbg.pointer.UnidbgPointer;
import com.github.unidbg.signal.SignalTask;
import com.github.unidbg.thread.ThreadContextSwitchException;
import com.github.unidbg.thread.Waiter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import unicorn.Arm64Const;

/**
 * The system calls by which threads wait for each other, for events and for sockets: those that the emulator has not, or not as
 * Linux has them. Everything else is the emulator's. One thread runs at a time, until it waits.
 */
final class Kernel extends ARM64SyscallHandler {
    private static final long AGAIN = -11;
    private static final long BAD_FILE = -9;
    private static final long INVALID = -22;
    private static final long TIMED_OUT = -110;
    /** Above the emulator's own. */
    private static final int FIRST_FILE = 1000;

    private final Map<Integer, Endpoint> files = new HashMap<>();
    private final List<Sleeper> sleepers = new ArrayList<>();
    private int nextFile = FIRST_FILE;

    Kernel(SvcMemory memory) {
        super(memory);
        setEnableThreadDispatcher(true);
    }

    @Override
    protected boolean handleSyscall(Emulator<?> emulator, int number) {
        RegisterContext registers = emulator.getContext();
        Long result;
        try {
            result = answer(emulator, registers, number);
        } catch (IOException failed) {
            result = Endpoint.REFUSED;
        }
        if (result == null) return false;
        emulator.getBackend().reg_write(Arm64Const.UC_ARM64_REG_X0, result);
        return true;
    }

    /** The result of a call, or nothing if it is the emulator's. */
    private Long answer(Emulator<?> emulator, RegisterContext registers, int number) throws IOException {
        int file = registers.getIntArg(0);
        UnidbgPointer second = pointer(registers, 1);
        switch (number) {
            case 19: // eventfd2
                return open(new Endpoint.Counter(registers.getIntArg(0)));
            case 20: // epoll_create1
                return open(new Endpoint.Poll());
            case 21: // epoll_ctl
                return control(file, registers.getIntArg(1), registers.getIntArg(2), pointer(registers, 3));
            case 22: // epoll_pwait
                return waitForEvents(emulator, file, second, registers.getIntArg(2), registers.getIntArg(3));
            case 98: // futex
                return futex(emulator, pointer(registers, 0), registers.getIntArg(1), registers.getIntArg(2), pointer(registers, 3));
            case 113: // clock_gettime, from the same clock as the waiting above
                long now = registers.getIntArg(0) == 0 ? System.currentTimeMillis() * 1_000_000 : System.nanoTime();
                second.setLong(0, now / 1_000_000_000);
                second.setLong(8, now % 1_000_000_000);
                return 0L;
            case 198: // socket: a stream over IPv4
                if (registers.getIntArg(0) != 2 || (registers.getIntArg(1) & 0xf) != 1) return null;
                return open(new Endpoint.Stream());
            default:
                return files.containsKey(file) ? answerOf(files.get(file), registers, number, file) : null;
        }
    }

    /** What is done with a file of this kernel's. */
    private Long answerOf(Endpoint endpoint, RegisterContext registers, int number, int file) throws IOException {
        UnidbgPointer second = pointer(registers, 1);
        int length = registers.getIntArg(2);
        switch (number) {
            case 25: // fcntl: a duplicate, else the flags, which say that nothing blocks
                int command = registers.getIntArg(1);
                if (command == 0 || command == 1030) return open(endpoint);
                return command == 3 ? 0x802L : 0L;
            case 57: // close
                files.remove(file);
                if (!files.containsValue(endpoint)) endpoint.close();
                return 0L;
            case 63: // read
            case 207: // recvfrom
                return endpoint.read(second, length);
            case 64: // write
            case 206: // sendto
                return endpoint.write(second.getByteArray(0, length));
            case 65: // readv
                return vector(second, length, endpoint::read);
            case 66: // writev
                return vector(second, length, (data, size) -> endpoint.write(data.getByteArray(0, size)));
            case 203: // connect
                return endpoint.connect(second.getByteArray(0, length));
            case 204: // getsockname
            case 205: // getpeername
                byte[] address = endpoint.address(number == 205);
                second.write(0, address, 0, address.length);
                pointer(registers, 2).setInt(0, address.length);
                return 0L;
            case 208: // setsockopt
            case 210: // shutdown
                return 0L;
            case 209: // getsockopt: only whether the connection has failed
                pointer(registers, 3).setInt(0, endpoint.failure());
                return 0L;
            default:
                return null;
        }
    }

    private interface Transfer {
        long of(UnidbgPointer data, int length) throws IOException;
    }

    /** One piece after another, until one is not taken whole. */
    private static long vector(UnidbgPointer pieces, int count, Transfer transfer) throws IOException {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int size = (int) pieces.getLong(16L * i + 8);
            if (size == 0) continue;
            long done = transfer.of(pieces.getPointer(16L * i), size);
            if (done < 0) return sum > 0 ? sum : done;
            sum += done;
            if (done < size) break;
        }
        return sum;
    }

    private long open(Endpoint endpoint) {
        files.put(nextFile, endpoint);
        return nextFile++;
    }

    private long control(int poll, int operation, int file, UnidbgPointer event) {
        if (!(files.get(poll) instanceof Endpoint.Poll events) || !files.containsKey(file)) return BAD_FILE;
        // Add, delete, modify.
        if (operation == 2) events.forget(file);
        else events.watch(file, files.get(file), event.getInt(0), event.getLong(8));
        return 0;
    }

    private Long waitForEvents(Emulator<?> emulator, int poll, UnidbgPointer out, int most, int millis) {
        if (!(files.get(poll) instanceof Endpoint.Poll events)) return BAD_FILE;
        long deadline = millis < 0 ? Long.MAX_VALUE : System.nanoTime() + millis * 1_000_000L;
        throw waiting(emulator, () -> events.anyNews() || System.nanoTime() >= deadline, () -> events.take(out, most));
    }

    private Long futex(Emulator<?> emulator, UnidbgPointer word, int operation, int value, UnidbgPointer time) {
        switch (operation & 0x7f) {
            case 0: // wait, for so long
            case 9: // wait, until then
                if (word.getInt(0) != value) return AGAIN;
                long deadline = Long.MAX_VALUE;
                if (time != null) {
                    long given = time.getLong(0) * 1_000_000_000 + time.getLong(8);
                    boolean byWallClock = (operation & 0x100) != 0;
                    if ((operation & 0x7f) == 0) deadline = System.nanoTime() + given;
                    else deadline = byWallClock ? System.nanoTime() + given - System.currentTimeMillis() * 1_000_000 : given;
                }
                Sleeper sleeper = new Sleeper(word.peer, deadline);
                sleepers.add(sleeper);
                throw waiting(emulator, sleeper::over, () -> {
                    sleepers.remove(sleeper);
                    return sleeper.woken ? 0 : TIMED_OUT;
                });
            case 1: // wake
            case 10:
                long count = 0;
                for (Sleeper each : sleepers) {
                    if (count == value) break;
                    if (each.word != word.peer || each.woken) continue;
                    each.woken = true;
                    count++;
                }
                return count;
            default:
                return INVALID;
        }
    }

    private static final class Sleeper {
        final long word;
        final long deadline;
        boolean woken;

        Sleeper(long word, long deadline) {
            this.word = word;
            this.deadline = deadline;
        }

        boolean over() {
            return woken || System.nanoTime() >= deadline;
        }
    }

    /** Ends this thread's turn; it gets another one when {@code over}, and then the call's result. */
    private static ThreadContextSwitchException waiting(Emulator<?> emulator, BooleanSupplier over, LongSupplier result) {
        emulator.getThreadDispatcher().getRunningTask().setWaiter(emulator, new Waiter() {
            @Override
            public boolean canDispatch() {
                return over.getAsBoolean();
            }

            @Override
            public void onContinueRun(Emulator<?> resumed) {
                resumed.getBackend().reg_write(Arm64Const.UC_ARM64_REG_X0, result.getAsLong());
            }

            @Override
            public void onSignal(SignalTask task) {
                // None is sent.
            }
        });
        return new ThreadContextSwitchException();
    }

    private static UnidbgPointer pointer(RegisterContext registers, int argument) {
        return registers.getPointerArg(argument);
    }
}
