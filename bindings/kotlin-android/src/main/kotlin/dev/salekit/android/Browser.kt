package dev.salekit.android

import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri

/**
 * Which app shows a page. An app that claims links of the page's host is not a browser, and it would get the challenge.
 * A browser accepts an address without a host. From API 30 on, Android shows an app only the packages that its manifest
 * requests in `queries`.
 */
internal object Browser {
    private const val CUSTOM_TABS = "android.support.customtabs.action.CustomTabsService"

    /**
     * The browser's package: the owner's choice, else one that has Custom Tabs, else any. `null` if there is no
     * browser.
     */
    fun of(context: Context): String? {
        val packages = context.packageManager
        val request = Intent(Intent.ACTION_VIEW, Uri.fromParts("https", "", null)).addCategory(Intent.CATEGORY_BROWSABLE)
        val browsers = packages.queryIntentActivities(request, PackageManager.MATCH_ALL)
            .filter { it.activityInfo.exported }.map { it.activityInfo.packageName }.distinct()
        // If the owner chose none, this is the system's chooser, which is not a browser.
        val chosen = packages.resolveActivity(request, PackageManager.MATCH_DEFAULT_ONLY)?.activityInfo?.packageName
        return browsers.find { it == chosen }
            ?: browsers.find { packages.resolveService(Intent(CUSTOM_TABS).setPackage(it), 0) != null }
            ?: browsers.firstOrNull()
    }
}
