package dev.salekit.android

import android.app.Activity
import android.app.Application
import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.os.Bundle
import dev.salekit.SaleClient
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Tells a client when the app comes to the foreground or leaves it, and when the device has a network again. Make one
 * beside the client, in `Application.onCreate`, and close it with the client.
 */
public class AppHooks internal constructor(
    private val application: Application,
    private val foreground: () -> Unit,
    private val background: () -> Unit,
    private val network: () -> Unit,
) : AutoCloseable {
    /**
     * @param application the app
     * @param client who is told; nothing is told to one that is closed
     */
    public constructor(application: Application, client: SaleClient) : this(
        application,
        { unlessClosed(client::appForeground) },
        { unlessClosed(client::appBackground) },
        { unlessClosed(client::networkAvailable) },
    )

    private val closed = AtomicBoolean()

    private val activities = object : Application.ActivityLifecycleCallbacks {
        private val visible = mutableSetOf<Activity>()
        private var isInForeground = false

        override fun onActivityStarted(activity: Activity) {
            visible += activity
            if (isInForeground) return
            isInForeground = true
            foreground()
        }

        override fun onActivityStopped(activity: Activity) {
            visible -= activity
            // A rotation stops an activity only to start it again.
            if (visible.isNotEmpty() || activity.isChangingConfigurations) return
            isInForeground = false
            background()
        }

        override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) = Unit
        override fun onActivityResumed(activity: Activity) = Unit
        override fun onActivityPaused(activity: Activity) = Unit
        override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) = Unit
        override fun onActivityDestroyed(activity: Activity) = Unit
    }

    private val networks = object : ConnectivityManager.NetworkCallback() {
        override fun onAvailable(network: Network) {
            if (!closed.get()) this@AppHooks.network()
        }
    }

    private val connectivity = application.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager

    init {
        application.registerActivityLifecycleCallbacks(activities)
        connectivity.registerDefaultNetworkCallback(networks)
    }

    /** Ends the telling. Twice is allowed. */
    override fun close() {
        if (!closed.compareAndSet(false, true)) return
        application.unregisterActivityLifecycleCallbacks(activities)
        connectivity.unregisterNetworkCallback(networks)
    }

    private companion object {
        /** These calls come from Android, where an exception would end the app. */
        fun unlessClosed(call: () -> Unit) = try {
            call()
        } catch (_: IllegalStateException) {
            // The client is closed.
        }
    }
}
