package dev.salekit.android

import android.app.Application
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import dev.salekit.Challenge
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.util.concurrent.atomic.AtomicInteger

internal val app: Application get() = RuntimeEnvironment.getApplication()

private val sales = AtomicInteger()

/** A sale that no other test knows of. */
internal fun saleId() = "sale-${sales.incrementAndGet()}"

internal const val PAGE = "https://issuer.example/challenge?session=1"
internal const val RETURN_LINK = "https://shop.example/paid?order=7"

/** Makes pages, and notes what is reported about those of each sale. */
internal class Notes {
    private val of = mutableMapOf<String, List<String>>().withDefault { emptyList() }

    operator fun get(saleId: String) = of.getValue(saleId)

    fun page(saleId: String, url: String = PAGE): Challenge = object : Challenge {
        override val saleId = saleId
        override val url = url

        override fun returned() = note("returned")

        override fun closed() = note("closed")

        override fun failed() = note("failed")

        private fun note(what: String) {
            of[saleId] = of.getValue(saleId) + what
        }
    }
}

/** The intent of the activity that the app started last, if it started one since this was asked last. */
internal fun started(): Intent? = shadowOf(app).nextStartedActivity

/** As Android does with an intent for an activity that is not there yet. */
internal fun launch(intent: Intent): ActivityController<BrowserActivity> =
    Robolectric.buildActivity(BrowserActivity::class.java, intent).setup()

/** As Android does when the page appears above. */
internal fun ActivityController<BrowserActivity>.covered() = apply { pause().stop() }

/** As Android does when what was above is gone. */
internal fun ActivityController<BrowserActivity>.uncovered() = apply { restart().start().resume() }

/** As Android does with an intent for the activity that is brought forward. */
internal fun ActivityController<BrowserActivity>.broughtForward(intent: Intent) = apply {
    restart().start().newIntent(intent)
    if (!get().isFinishing) resume()
}

/** What an app with a return link says in its manifest. */
internal fun giveReturnLink() {
    val activity = ComponentName(app, BrowserActivity::class.java)
    val filter = IntentFilter(Intent.ACTION_VIEW).apply {
        addCategory(Intent.CATEGORY_DEFAULT)
        addCategory(Intent.CATEGORY_BROWSABLE)
        addDataScheme("https")
        addDataAuthority("shop.example", null)
        addDataPath("/paid", android.os.PatternMatcher.PATTERN_PREFIX)
    }
    shadowOf(app.packageManager).apply {
        addActivityIfNotPresent(activity)
        addIntentFilterForActivity(activity, filter)
    }
}

/** Installs a browser, and says which package it is. */
internal fun giveBrowser(name: String = "com.browser", hasCustomTabs: Boolean = false): String {
    val view = IntentFilter(Intent.ACTION_VIEW).apply {
        addCategory(Intent.CATEGORY_BROWSABLE)
        addCategory(Intent.CATEGORY_DEFAULT)
        addDataScheme("http")
        addDataScheme("https")
    }
    install(ComponentName(name, "$name.Main"), view)
    if (hasCustomTabs) {
        val service = ComponentName(name, "$name.Tabs")
        shadowOf(app.packageManager).apply {
            addServiceIfNotPresent(service)
            addIntentFilterForService(service, IntentFilter("android.support.customtabs.action.CustomTabsService"))
        }
    }
    return name
}

internal fun removeBrowser(name: String) {
    shadowOf(app.packageManager).removeActivity(ComponentName(name, "$name.Main"))
}

/** Has every page that another test has left asked for, open, or to be closed, be gone. */
internal fun forgetPages() {
    Pages.asked.forEach(Pages::close)
    (Pages.open + Pages.closing).forEach(Pages::end)
}

/** Installs an app that claims the links of one host. */
internal fun giveClaimer(host: String) {
    val links = IntentFilter(Intent.ACTION_VIEW).apply {
        addCategory(Intent.CATEGORY_BROWSABLE)
        addCategory(Intent.CATEGORY_DEFAULT)
        addDataScheme("https")
        addDataAuthority(host, null)
        priority = 1
    }
    install(ComponentName("com.claimer", "com.claimer.Main"), links)
}

private fun install(activity: ComponentName, filter: IntentFilter) {
    val info = ActivityInfo().apply {
        packageName = activity.packageName
        name = activity.className
        exported = true
        applicationInfo = ApplicationInfo().apply { packageName = activity.packageName }
    }
    shadowOf(app.packageManager).apply {
        addOrUpdateActivity(info)
        addIntentFilterForActivity(activity, filter)
    }
}
