package dev.salekit.arm64;

import com.sun.jna.NativeLibrary;
import dev.salekit.CardField;
import dev.salekit.CardForm;
import dev.salekit.FieldState;
import dev.salekit.Money;
import dev.salekit.SaleKitException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code Checks ARM64_LIBRARY HOST_LIBRARY ARM64_EXPORTS HOST_EXPORTS GATEWAY_URL SHOP_URL CA_FILE FILES}: every check is a
 * comparison of the two, but for the sales. FILES is an empty folder, for what the phone stores. The last line counts what held.
 *
 * <p>The host's library is driven by SaleKit for Kotlin, the phone's by the C interface under it.
 */
public final class Checks {
    private static final String CONTRACT = "ffi_salekit_uniffi_contract_version";
    private static final String CHECKSUM = "uniffi_salekit_checksum_";

    private final Phone phone;
    private final NativeLibrary host;
    private int passed;
    private int failed;

    private Checks(Phone phone, NativeLibrary host) {
        this.phone = phone;
        this.host = host;
    }

    public static void main(String[] arguments) throws Exception {
        try (Phone phone = new Phone(new File(arguments[0]), new File(arguments[7]))) {
            Checks checks = new Checks(phone, NativeLibrary.getInstance(arguments[1]));
            checks.contract(Path.of(arguments[2]), Path.of(arguments[3]));
            checks.money();
            checks.cardForm();
            new Sales(phone, checks).against(arguments[4], arguments[5], Path.of(arguments[6]), Path.of(arguments[7]));
            System.out.println(checks.passed + " passed, " + checks.failed + " failed");
            System.exit(checks.failed == 0 ? 0 : 1);
        }
    }

    void same(String what, Object expected, Object found) {
        if (expected.equals(found)) {
            passed++;
        } else {
            failed++;
            System.out.println(what + ": the phone's says " + found + ", the host's " + expected);
        }
    }

    /** {@code exports}: the names of what the phone's library exports, and of what the host's does. */
    private void contract(Path... exports) throws IOException {
        same("the contract's version", host.getFunction(CONTRACT).invokeInt(new Object[0]), phone.plain(CONTRACT));
        Set<String> names = checksums(exports[0]);
        same("the functions that have checksums", checksums(exports[1]), names);
        same("there are many", true, names.size() > 50);
        for (String name : names) {
            same(name, host.getFunction(name).invokeInt(new Object[0]) & 0xffff, phone.plain(name) & 0xffff);
        }
        System.out.println(names.size() + " checksums");
    }

    private static Set<String> checksums(Path exports) throws IOException {
        return Files.readAllLines(exports).stream().filter(name -> name.startsWith(CHECKSUM)).collect(Collectors.toCollection(TreeSet::new));
    }

    private void money() throws Exception {
        String[][] amounts = {{"10.50", "EUR"}, {"500", "JPY"}, {"1.234", "KWD"}, {"0.01", "USD"}, {"90000000000000000.00", "EUR"}};
        for (String[] amount : amounts) {
            Money expected = Money.parse(amount[0], amount[1]);
            byte[] found = phone.bytes("uniffi_salekit_fn_func_parse_money", Wire.whole(amount[0]), Wire.whole(amount[1]));
            same("minor units of " + amount[0], expected.getMinorUnits(), ByteBuffer.wrap(found).getLong());
            String text = new String(phone.bytes("uniffi_salekit_fn_func_format_money", found), StandardCharsets.UTF_8);
            same("the text of " + amount[0], expected.toString(), text);
        }
        // Nothing is rounded; no number, no such currency, too much.
        String[][] wrong = {{"10.505", "EUR"}, {"ten", "EUR"}, {"10.50", "EURO"}, {"99999999999999999999", "EUR"}, {"", "EUR"}};
        for (String[] amount : wrong) {
            same("the error of " + amount[0], hostError(amount), phoneError(amount));
        }
    }

    private static String hostError(String[] amount) {
        try {
            Money.parse(amount[0], amount[1]);
            return "none";
        } catch (SaleKitException.InvalidInput refused) {
            return refused.getField() + ", " + refused.getRule() + ", " + refused.getDetail();
        } catch (SaleKitException other) {
            return other.toString();
        }
    }

    /** The error's fields: the name of a value, a rule, and a sentence for developers. */
    private String phoneError(String[] amount) {
        try {
            phone.bytes("uniffi_salekit_fn_func_parse_money", Wire.whole(amount[0]), Wire.whole(amount[1]));
            return "none";
        } catch (Phone.Refused refused) {
            ByteBuffer fields = ByteBuffer.wrap(refused.rest);
            return Wire.text(fields) + ", " + Wire.text(fields) + ", " + Wire.text(fields);
        }
    }

    /** Every key of a card's number, expiry and code, and what each of them leaves on the screen. */
    private void cardForm() throws Exception {
        long form = phone.number("uniffi_salekit_fn_constructor_cardform_new", new Wire().number(1).bytes());
        try (CardForm expected = new CardForm()) {
            type(form, expected, CardField.NUMBER, "4111111111111111");
            type(form, expected, CardField.EXPIRY, "1239");
            type(form, expected, CardField.SECURITY_CODE, "12");
            // A letter in a number is refused by both, with the same words.
            String words = "none";
            try {
                expected.insert(CardField.SECURITY_CODE, 0, 'x');
            } catch (SaleKitException refused) {
                words = refused.getClass().getSimpleName();
            }
            String said = "none";
            try {
                phone.bytes("uniffi_salekit_fn_method_cardform_insert", phone.another("cardform", form), field(CardField.SECURITY_CODE), 0L, (long) 'x');
            } catch (Phone.Refused refused) {
                said = refused.getMessage();
            }
            same("a letter is refused", words.equals("none"), said.equals("none"));
            byte[] digits = "5555555555554444".getBytes(StandardCharsets.US_ASCII);
            FieldState pasted = expected.paste(CardField.NUMBER, digits.clone());
            shown("pasting", pasted, phone.bytes("uniffi_salekit_fn_method_cardform_paste", phone.another("cardform", form),
                field(CardField.NUMBER), (long) digits.length, phone.foreign(digits).peer));
            byte[] missing = phone.bytes("uniffi_salekit_fn_method_cardform_missing", phone.another("cardform", form));
            same("how much is missing", expected.getMissing().size(), ByteBuffer.wrap(missing).getInt());
        }
    }

    private void type(long form, CardForm expected, CardField field, String keys) throws Exception {
        int caret = 0;
        for (char key : keys.toCharArray()) {
            FieldState state = expected.insert(field, caret, key);
            shown(field + " after " + key, state, phone.bytes("uniffi_salekit_fn_method_cardform_insert",
                phone.another("cardform", form), field(field), (long) caret, (long) key));
            caret = state.getCaret();
        }
    }

    private void shown(String what, FieldState expected, byte[] found) {
        ByteBuffer state = ByteBuffer.wrap(found);
        same(what + ": the field", expected.getField().ordinal() + 1, state.getInt());
        same(what + ": the text", expected.getDisplay(), Wire.text(state));
        same(what + ": the caret", expected.getCaret(), state.getInt());
    }

    private static byte[] field(CardField field) {
        return new Wire().number(field.ordinal() + 1).bytes();
    }
}
