package dev.salekit.arm64;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Who sees the page of a challenge: the sandbox's own browser, which is asked for over HTTP. */
final class Cardholder {
    private final HttpClient http;
    private final URI sandbox;
    private int visits;

    Cardholder(String merchant, Path roots) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(roots)) {
            store.setCertificateEntry("sandbox", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        http = HttpClient.newBuilder().sslContext(tls).build();
        sandbox = URI.create(merchant.replaceAll("/+$", "") + "/sandbox/cardholder");
    }

    void visit(String page) throws Exception {
        String visit = "{\"url\":\"" + page + "\",\"conduct\":\"authenticates\"}";
        HttpRequest request = HttpRequest.newBuilder(sandbox).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(visit)).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        visits++;
    }

    int visits() {
        return visits;
    }
}
