package dev.salekit.arm64;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Whole sales on the emulated processor: SaleKit's own threads, TLS and HTTP, over this machine's sockets, against a sandbox. Their
 * states are asked for, because a callback would need code for the processor.
 */
final class Sales {
    /** The outcomes and the states, as UniFFI numbers them. */
    private static final int FINISHED = 6;

    private static final int CHALLENGE = 5;

    private static final int APPROVED = 1;
    private static final int DECLINED = 2;
    private static final int NOT_CHARGED = 3;
    private static final long LONGEST_MILLIS = TimeUnit.MINUTES.toMillis(5);

    private static final String NUMBER = "4111111111111111";

    private final Phone phone;
    private final Checks checks;
    private Cardholder cardholder;

    Sales(Phone phone, Checks checks) {
        this.phone = phone;
        this.checks = checks;
    }

    /** {@code gateway} and {@code merchant} are a sandbox's, {@code roots} the file with its authority, {@code files} what is stored. */
    void against(String gateway, String merchant, Path roots, Path files) throws Exception {
        cardholder = new Cardholder(merchant, roots);
        long client = client(gateway, merchant, Files.readString(roots));
        checks.same("a sale is approved", APPROVED, outcome(client, "123"));
        checks.same("a sale with a challenge is approved", APPROVED, outcome(client, "321"));
        checks.same("somebody has seen the challenge's page", 1, cardholder.visits());
        checks.same("a sale is declined", DECLINED, outcome(client, "116"));
        stored(files);
        // An authority that nobody has told it of.
        checks.same("a gateway that is not trusted gets nothing", NOT_CHARGED, outcome(client(gateway, merchant, null), "123"));
    }

    /** Nothing has been acknowledged: a snapshot of each sale is there, and none has the card in it. */
    private void stored(Path files) throws Exception {
        int sales = 0;
        boolean card = false;
        try (Stream<Path> found = Files.walk(files)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (file.toString().endsWith(".json")) sales++;
                card |= content.contains(NUMBER);
            }
        }
        checks.same("snapshots of sales", 3, sales);
        checks.same("the card is in a file", false, card);
    }

    private long client(String gateway, String merchant, String roots) throws Exception {
        Wire config = new Wire().text(gateway).text(merchant);
        // The folder of snapshots, the documented paths, strict pacing, the usual time limits.
        config.some().text("/data/sales").none().number(1).none();
        if (roots == null) config.none();
        else config.some().some().text(roots).number(0);
        byte[] none = new Wire().none().bytes();
        return phone.number("uniffi_salekit_fn_constructor_saleclient_new", config.flag(false).bytes(), none, none, none, none);
    }

    private int outcome(long client, String code) throws Exception {
        long form = phone.number("uniffi_salekit_fn_constructor_cardform_new", new Wire().number(1).bytes());
        paste(form, 1, NUMBER);
        paste(form, 2, "12/39");
        paste(form, 3, code);
        paste(form, 6, "ADA LOVELACE");
        byte[] request = new Wire().large(1050).text("EUR").text("device-1").none().number(0).none().none().none().none().flag(false).bytes();
        long sale = phone.number("uniffi_salekit_fn_method_saleclient_start", phone.another("saleclient", client), request, form);
        long latest = System.currentTimeMillis() + LONGEST_MILLIS;
        int seen = 0;
        while (System.currentTimeMillis() < latest) {
            ByteBuffer state = ByteBuffer.wrap(phone.bytes("uniffi_salekit_fn_method_sale_state", phone.another("sale", sale)));
            int now = state.getInt();
            int before = seen;
            seen = now;
            if (now == FINISHED) return state.getInt();
            if (now == CHALLENGE && now != before) cardholder.visit(Wire.text(state));
            phone.waitAMoment();
        }
        return -seen;
    }

    private void paste(long form, int field, String text) throws Exception {
        byte[] content = Wire.whole(text);
        phone.bytes("uniffi_salekit_fn_method_cardform_paste", phone.another("cardform", form), new Wire().number(field).bytes(),
            (long) content.length, phone.foreign(content).peer);
    }
}
