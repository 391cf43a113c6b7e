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
 * Notifies a client when the app comes to the foreground or leaves it, and when the device has a network again. Create
 * one together with the client, in `Application.onCreate`, and close it with the client.
 */
public class AppHooks internal constructor(
    private val application: Application,
    private val foreground: () -> Unit,
    private val background: () -> Unit,
    private val network: () -> Unit,
) : AutoCloseable {
    /**
     * @param application the app
     * @param client the client to notify; a closed client is not called
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
            listen()
            foreground()
        }

        override fun onActivityStopped(activity: Activity) {
            visible -= activity
            // A rotation stops an activity and starts it again.
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

    private val connectivity = application.getSystemService(Context.CONNECTIVITY_SERVICE) as? ConnectivityManager
    private var isListening = false

    init {
        application.registerActivityLifecycleCallbacks(activities)
        listen()
    }

    /**
     * Android may refuse. Some versions of Android 11 throw a SecurityException by mistake, and an app may already have
     * too many callbacks. Then SaleKit asks for the status at its normal pace. This is tried again each time the app
     * comes to the foreground.
     */
    @Synchronized
    private fun listen() {
        if (isListening || closed.get()) return
        try {
            connectivity?.registerDefaultNetworkCallback(networks)
            isListening = true
        } catch (_: RuntimeException) {
            // Android throws several kinds, some of which API 24 does not define.
        }
    }

    /** Ends the notifications. May be called twice. */
    @Synchronized
    override fun close() {
        if (!closed.compareAndSet(false, true)) return
        application.unregisterActivityLifecycleCallbacks(activities)
        if (isListening) connectivity?.unregisterNetworkCallback(networks)
    }

    private companion object {
        /** Android makes these calls, and an exception would end the app. */
        fun unlessClosed(call: () -> Unit) = try {
            call()
        } catch (_: IllegalStateException) {
            // The client is closed.
        }
    }
}
