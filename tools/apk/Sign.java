import com.android.apksig.ApkSigner;
import com.android.apksig.ApkVerifier;
import java.io.File;
import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * {@code Sign APK KEYSTORE PASSWORD OUT}: signs as a release is signed, by the schemes 2 and 3, and verifies what has been written as
 * Android would, from the APK's own least version on. Prints which schemes hold.
 */
public final class Sign {
    private Sign() {}

    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[2].toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream in = new FileInputStream(arguments[1])) {
            store.load(in, password);
        }
        String alias = store.aliases().nextElement();
        ApkSigner.SignerConfig signer = new ApkSigner.SignerConfig.Builder(
            "sample", (PrivateKey) store.getKey(alias, password), List.of((X509Certificate) store.getCertificate(alias))).build();
        File out = new File(arguments[3]);
        new ApkSigner.Builder(List.of(signer)).setInputApk(new File(arguments[0])).setOutputApk(out)
            .setV1SigningEnabled(false).setV2SigningEnabled(true).setV3SigningEnabled(true).build().sign();

        ApkVerifier.Result result = new ApkVerifier.Builder(out).build().verify();
        result.getErrors().forEach(System.out::println);
        System.out.println("verified " + result.isVerified() + ", v2 " + result.isVerifiedUsingV2Scheme() + ", v3 "
            + result.isVerifiedUsingV3Scheme());
    }
}
