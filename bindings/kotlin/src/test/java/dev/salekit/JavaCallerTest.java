package dev.salekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Java makes sales with the same classes: futures for coroutines, listeners for flows, defaults by overloads. */
class JavaCallerTest {
    private static CardForm card(String securityCode) throws SaleKitException {
        CardForm form = new CardForm();
        form.paste(CardField.NUMBER, Fixtures.VISA.getBytes());
        form.paste(CardField.EXPIRY, "12/40".getBytes());
        form.paste(CardField.PRINTED_NAME, Fixtures.HOLDER.getBytes());
        form.paste(CardField.SECURITY_CODE, securityCode.getBytes());
        return form;
    }

    private static SaleClientConfig config() {
        Sandbox sandbox = Sandbox.Companion.getShared();
        TlsSettings tls = new TlsSettings(sandbox.getCaPem());
        return new SaleClientConfig(
            sandbox.getGatewayUrl(), sandbox.getMerchantUrl(), null, null, PacingProfile.STRICT, new Timeouts(), tls);
    }

    private static SaleRequest request(String securityCode) throws SaleKitException {
        return new SaleRequest(Money.parse("10.50", "EUR"), new Consumer("java-device"), card(securityCode));
    }

    private static String told(SaleOutcome outcome) {
        if (outcome instanceof SaleOutcome.Approved) {
            return "paid " + ((SaleOutcome.Approved) outcome).getAmountToShow();
        }
        return outcome.getCharge().getCode();
    }

    @Test
    void aSaleIsApproved() throws Exception {
        try (SaleClient client = new SaleClient(config())) {
            client.preconnectFuture().get(1, TimeUnit.MINUTES);
            Sale sale = client.start(request("123"));
            List<SaleState> states = new CopyOnWriteArrayList<>();
            try (Subscription subscription = sale.observe(states::add)) {
                SaleOutcome outcome = sale.outcomeFuture().get(1, TimeUnit.MINUTES);
                assertEquals("paid 10.50 EUR", told(outcome));
                assertFalse(((SaleOutcome.Approved) outcome).getAmountDiffers());
                // This consumer gave no e-mail, which this merchant's cards do without.
                assertEquals("411111", sale.storedCardFuture().get(1, TimeUnit.MINUTES).getBin());
                assertEquals(1, Sandbox.Companion.getShared().ledger(outcome.getInvoiceId()).get("charges").getAsInt());
                SandboxKt.eventually("the last state", () -> states.contains(new SaleState.Finished(outcome)));
            }
            assertTrue(client.pendingFuture().get().getSales().size() <= 1);
            client.acknowledgeFuture(sale.getId()).get();
            assertEquals(0, client.pendingFuture().get().getSales().size());
        }
    }

    @Test
    void whatIsWrongIsACheckedException() throws Exception {
        try (SaleClient client = new SaleClient(config())) {
            CardForm form = card("12");
            SaleRequest request = new SaleRequest(new Money(100, "EUR"), new Consumer("java-device"), form);
            SaleKitException.InvalidInput error =
                assertThrows(SaleKitException.InvalidInput.class, () -> client.start(request));
            assertEquals("invalid_input", error.getCode());
            assertEquals("sourceOfFunds.card.securityCode", error.getField());
            assertFalse(error.getDisplayMessage().isEmpty());
            ExecutionException failed =
                assertThrows(ExecutionException.class, () -> client.resumeFuture("0".repeat(32)).get());
            assertInstanceOf(SaleKitException.SaleNotFound.class, failed.getCause());
        }
        assertThrows(SaleKitException.InvalidInput.class, () -> new SaleClient(new SaleClientConfig("ftp://x", "y")));
    }

    @Test
    void aMerchantBackendAnswersWithFutures() throws Exception {
        FutureMerchantBackend merchant = new FutureMerchantBackend() {
            @Override
            public CompletableFuture<String> accessTokenFuture(String serialNumber) {
                return CompletableFuture.supplyAsync(() -> "t".repeat(32));
            }

            @Override
            public CompletableFuture<InitiatedSale> initiateFuture(InitiateSaleRequest question) {
                assertEquals("t".repeat(32), question.getAccessToken());
                return CompletableFuture.failedFuture(new MerchantException.Refused(400, "FILTERED", "ref-2"));
            }

            @Override
            public CompletableFuture<SessionAnswer> sessionTokenFuture(InvoiceRequest question, boolean wantsVoid) {
                return CompletableFuture.completedFuture(
                    wantsVoid ? SessionAnswer.Void.INSTANCE : new SessionAnswer.Token("t".repeat(32)));
            }

            @Override
            public CompletableFuture<StoredCard> storedCardFuture(InvoiceRequest question) {
                return new CompletableFuture<>();
            }
        };
        try (SaleClient client = new SaleClient(config(), null, null, merchant)) {
            SaleOutcome outcome = client.start(request("123")).outcomeFuture().get(1, TimeUnit.MINUTES);
            SaleOutcome.NotCharged end = assertInstanceOf(SaleOutcome.NotCharged.class, outcome);
            assertEquals(NotChargedReason.INITIATE_REFUSED, end.getReason());
            assertEquals("ref-2", end.getSupportReference());
        }
    }

    @Test
    void headersComeFromAFuture() throws Exception {
        FutureMerchantHeaders headers = new FutureMerchantHeaders() {
            @Override
            public CompletableFuture<Map<String, String>> headersFuture() {
                return CompletableFuture.supplyAsync(() -> Map.of("X-Device-Serial-Number", "another device"));
            }
        };
        try (SaleClient client = new SaleClient(config(), null, null, null, headers)) {
            SaleOutcome outcome = client.start(request("123")).outcomeFuture().get(1, TimeUnit.MINUTES);
            SaleOutcome.NotCharged end = assertInstanceOf(SaleOutcome.NotCharged.class, outcome);
            assertEquals(NotChargedReason.ACCESS_TOKEN_REFUSED, end.getReason());
        }
    }

    @Test
    void whatConcernsTheProcessIsStatic() throws Exception {
        SaleKit.setLogSink(null);
        assertFalse(SaleKit.getVersion().isEmpty());
        assertFalse(SaleKit.getGatewayProfiles().isEmpty());
        assertEquals(2, Money.decimalsOf("EUR"));
        assertEquals("/sale/initiate-sale", MerchantPaths.documented().getInitiate());
    }
}
