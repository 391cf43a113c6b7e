package dev.salekit.sample

import android.app.Application
import dev.salekit.SaleClient
import dev.salekit.SaleClientConfig
import dev.salekit.SnapshotStore
import dev.salekit.StoredCard
import dev.salekit.android.AppHooks
import dev.salekit.android.AppPrivateSnapshotStore
import dev.salekit.android.CustomTabPresenter

/** One client for the life of the app, with what shows the bank's page and what tells the client of the app's comings and goings. */
open class ShopApp : Application() {
    lateinit var presenter: CustomTabPresenter
        private set
    lateinit var client: SaleClient
        private set

    /** The card that the merchant keeps. A shop with accounts asks its server for it; this one forgets it with its process. */
    var savedCard: StoredCard? = null

    override fun onCreate() {
        super.onCreate()
        presenter = CustomTabPresenter(this)
        client = SaleClient(config(), presenter, store())
        AppHooks(this, client)
    }

    /** Of the build's own kind: see src/debug and src/release. */
    protected open fun config(): SaleClientConfig = shopConfig(this)

    protected open fun store(): SnapshotStore? = AppPrivateSnapshotStore(this)
}
