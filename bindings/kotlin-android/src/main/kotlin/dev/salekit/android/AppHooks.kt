package dev.salekit.android

import android.app.Activity
import android.app.Application
import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.os.Bundle
import dev.salekit.SaleClient

/**
 * Tells a client when the app comes to the foreground or leaves it, and when the device has a network again. Make one
 * beside the client, in `Application.onCreate`, and close it with the client.
 */
public class AppHooks(private val application: Application, private val client: SaleClient) : AutoCloseable {
    private var visible = 0

    private val activities = object : Application.ActivityLifecycleCallbacks {
        override fun onActivityStarted(activity: Activity) {
            visible += 1
            if (visible == 1) client.appForeground()
        }

        override fun onActivityStopped(activity: Activity) {
            visible -= 1
            // A rotation stops an activity only to start it again.
            if (visible == 0 && !activity.isChangingConfigurations) client.appBackground()
        }

        override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) = Unit
        override fun onActivityResumed(activity: Activity) = Unit
        override fun onActivityPaused(activity: Activity) = Unit
        override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) = Unit
        override fun onActivityDestroyed(activity: Activity) = Unit
    }

    private val networks = object : ConnectivityManager.NetworkCallback() {
        override fun onAvailable(network: Network) = client.networkAvailable()
    }

    private val connectivity = application.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager

    init {
        application.registerActivityLifecycleCallbacks(activities)
        connectivity.registerDefaultNetworkCallback(networks)
    }

    override fun close() {
        application.unregisterActivityLifecycleCallbacks(activities)
        connectivity.unregisterNetworkCallback(networks)
    }
}
