package dev.salekit.sample

import android.content.Context
import dev.salekit.SaleClientConfig

/** The gateway and the shop's own server. */
@Suppress("UNUSED_PARAMETER")
internal fun shopConfig(context: Context) =
    SaleClientConfig(gatewayUrl = "https://gateway.example/payment", merchantUrl = "https://shop.example")
