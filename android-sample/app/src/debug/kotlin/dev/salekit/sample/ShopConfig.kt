package dev.salekit.sample

import android.content.Context
import dev.salekit.SaleClientConfig
import dev.salekit.TlsSettings

/** The sandbox on the machine that the emulator runs on. Only this kind of build trusts its certificate: src/debug/assets/ca.pem. */
internal fun shopConfig(context: Context) = SaleClientConfig(
    gatewayUrl = "https://10.0.2.2:8443/paynet",
    merchantUrl = "https://10.0.2.2:8444",
    tls = TlsSettings(extraRootsPem = context.assets.open("ca.pem").use { it.readBytes().decodeToString() }),
)
