package shop;

import dev.salekit.CardField;
import dev.salekit.CardForm;
import dev.salekit.Charge;
import dev.salekit.Consumer;
import dev.salekit.Money;
import dev.salekit.SaleClient;
import dev.salekit.SaleClientConfig;
import dev.salekit.SaleOutcome;
import dev.salekit.SaleRequest;
import dev.salekit.PacingProfile;
import dev.salekit.Timeouts;
import dev.salekit.TlsSettings;
import dev.salekit.testing.FakeSales;
import dev.salekit.testing.Outcomes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One frictionless sale against a sandbox: {@code Checkout GATEWAY_URL SHOP_URL CA_FILE}. Status 0 if it is approved. */
public final class Checkout {
    private Checkout() {}

    public static void main(String[] arguments) throws Exception {
        TlsSettings tls = new TlsSettings(Files.readString(Path.of(arguments[2])));
        SaleClientConfig config = new SaleClientConfig(
            arguments[0], arguments[1], null, null, PacingProfile.STRICT, new Timeouts(), tls);
        // The fake client of an app's unit tests, from Java and from Kotlin.
        FakeSales fake = new FakeSales();
        fake.endWith(Outcomes.approved(new Money(1050, "EUR")));
        SaleRequest tested = new SaleRequest(new Money(1050, "EUR"), new Consumer("consumer-1"), new CardForm());
        if (fake.getClient().start(tested).outcomeFuture().get(1, TimeUnit.MINUTES).getCharge() != Charge.CHARGED
                || !Basket.fakeIsCharged()) {
            System.exit(1);
        }
        try (SaleClient client = new SaleClient(config)) {
            CardForm form = new CardForm();
            form.paste(CardField.NUMBER, bytes("4111111111111111"));
            form.paste(CardField.EXPIRY, bytes("12/39"));
            form.paste(CardField.SECURITY_CODE, bytes("123"));
            form.paste(CardField.PRINTED_NAME, bytes("ADA LOVELACE"));
            SaleRequest request = new SaleRequest(Money.parse("10.50", "EUR"), new Consumer("consumer-1"), form);
            SaleOutcome outcome = client.start(request).outcomeFuture().get(120, TimeUnit.SECONDS);
            System.out.println(outcome.getCharge() + " " + outcome);
            System.exit(outcome instanceof SaleOutcome.Approved ? 0 : 1);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
