package dev.salekit.sample

import android.content.ComponentName
import android.content.IntentFilter
import android.content.Intent
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import dev.salekit.Fixtures
import dev.salekit.MapStore
import dev.salekit.SaleClientConfig
import dev.salekit.SnapshotStore
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.io.IOException
import java.util.concurrent.CountDownLatch

/** The sample's app with the sandbox of the tests. Its snapshots are files, as Robolectric has no Keystore. */
open class SandboxApp : ShopApp() {
    override fun onCreate() {
        giveBrowser()
        super.onCreate()
    }

    override fun config(): SaleClientConfig = Fixtures.config(directory = File(filesDir, "sales").apply { mkdirs() }.path)

    override fun store(): SnapshotStore? = null

    private fun giveBrowser() {
        val info = ActivityInfo().apply {
            packageName = "com.browser"
            name = "com.browser.Main"
            exported = true
            applicationInfo = ApplicationInfo().apply { packageName = "com.browser" }
        }
        val view = IntentFilter(Intent.ACTION_VIEW).apply {
            addCategory(Intent.CATEGORY_BROWSABLE)
            addCategory(Intent.CATEGORY_DEFAULT)
            addDataScheme("https")
        }
        shadowOf(packageManager).apply {
            addOrUpdateActivity(info)
            addIntentFilterForActivity(ComponentName(info.packageName, info.name), view)
        }
    }
}

/** The same with snapshots in memory, which stay there as on a full disk: nothing is removed. */
class FullDiskApp : SandboxApp() {
    /** No snapshot is read before. */
    @Volatile var mayLoad = CountDownLatch(0)

    private val snapshots = object : MapStore() {
        override fun load(saleId: String): ByteArray? = mayLoad.await().let { super.load(saleId) }

        override fun remove(saleId: String) = throw IOException("nothing is removed")
    }

    override fun store(): SnapshotStore = snapshots
}

/**
 * The same with snapshots in memory, which are saved once [isSeen]: until then each sale stays as it begins. The core gives a store ten
 * seconds.
 */
class HeldSaveApp : SandboxApp() {
    val isSeen = CountDownLatch(1)

    private val snapshots = object : MapStore() {
        override fun save(saleId: String, snapshot: ByteArray) {
            isSeen.await()
            super.save(saleId, snapshot)
        }
    }

    override fun store(): SnapshotStore = snapshots
}

/** The same without a network: nobody answers there. */
class OfflineApp : SandboxApp() {
    override fun config(): SaleClientConfig = super.config().let {
        SaleClientConfig("https://127.0.0.1:9/payment", "https://127.0.0.1:9", tls = it.tls, storeDirectory = File(filesDir, "sales").path)
    }
}
