package dev.salekit.android

import android.app.Activity
import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import dev.salekit.Fixtures
import dev.salekit.SaleClient
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowConnectivityManager
import org.robolectric.shadows.ShadowNetwork

/** When a client is called as the app comes and goes. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class AppHooksTest {
    private val told = mutableListOf<String>()
    private val hooks = AppHooks(app, { told += "foreground" }, { told += "background" }, { told += "network" })

    @After
    fun close() = hooks.close()

    private fun activity() = Robolectric.buildActivity(Activity::class.java)

    private val connectivity = shadowOf(app.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager)

    private fun networkComes() = connectivity.networkCallbacks.forEach { it.onAvailable(ShadowNetwork.newInstance(1)) }

    @Test
    fun `the app comes with its first activity and goes with its last`() {
        val first = activity().setup()
        assertEquals(listOf("foreground"), told)
        val second = activity().setup()
        first.pause().stop()
        assertEquals(listOf("foreground"), told)
        second.pause().stop()
        assertEquals(listOf("foreground", "background"), told)
        second.restart().start()
        assertEquals(listOf("foreground", "background", "foreground"), told)
    }

    @Test
    fun `a rotation is neither`() {
        val activity = activity().setup()
        activity.recreate()
        assertEquals(listOf("foreground"), told)
        activity.pause().stop()
        assertEquals(listOf("foreground", "background"), told)
    }

    @Test
    fun `hooks that are made when an activity is there already miss nothing after it`() {
        hooks.close()
        val early = activity().setup()
        AppHooks(app, { told += "foreground" }, { told += "background" }, {}).use {
            early.pause().stop()
            assertEquals(listOf("background"), told)
            early.restart().start()
            assertEquals(listOf("background", "foreground"), told)
        }
    }

    @Test
    fun `each network that comes is reported`() {
        networkComes()
        networkComes()
        assertEquals(listOf("network", "network"), told)
    }

    @Test
    @Config(shadows = [RefusingConnectivity::class])
    fun `an Android that does not tell of networks does not end the app, and the other hooks work`() {
        hooks.close()
        val refusals = listOf(SecurityException("Package android does not belong to 10042"), IllegalStateException("too many requests"))
        for (refusal in refusals) {
            told.clear()
            RefusingConnectivity.refusal = refusal
            AppHooks(app, { told += "foreground" }, { told += "background" }, { told += "network" }).use {
                val first = activity().setup()
                first.pause().stop()
                assertEquals(listOf("foreground", "background"), told)
                // It is asked again when the app comes to the foreground.
                RefusingConnectivity.refusal = null
                first.restart().start()
                networkComes()
                assertEquals(listOf("foreground", "background", "foreground", "network"), told)
                RefusingConnectivity.refusal = refusal
            }
            assertTrue(connectivity.networkCallbacks.isEmpty())
            // Closed while it was refused.
            AppHooks(app, {}, {}, {}).close()
        }
    }

    /** Android, as some devices have it. */
    @Implements(ConnectivityManager::class)
    class RefusingConnectivity : ShadowConnectivityManager() {
        @Implementation
        override fun registerDefaultNetworkCallback(callback: ConnectivityManager.NetworkCallback) {
            refusal?.let { throw it }
            super.registerDefaultNetworkCallback(callback)
        }

        companion object {
            var refusal: RuntimeException? = null
        }
    }

    @Test
    fun `closed hooks tell nothing, whatever is under way`() {
        val callbacks = connectivity.networkCallbacks.toList()
        assertTrue(callbacks.isNotEmpty())
        hooks.close()
        hooks.close()
        activity().setup().pause().stop()
        callbacks.forEach { it.onAvailable(ShadowNetwork.newInstance(1)) }
        assertEquals(emptyList<String>(), told)
        assertTrue(connectivity.networkCallbacks.isEmpty())
    }

    @Test
    fun `a client that is closed before its hooks does not end the app`() {
        val client = SaleClient(Fixtures.config())
        AppHooks(app, client).use {
            client.close()
            activity().setup().pause().stop()
            networkComes()
        }
        assertEquals(listOf("foreground", "background", "network"), told)
    }
}
