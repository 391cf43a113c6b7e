package dev.salekit.android

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import java.io.File

/** What is started to show a page and to take it away. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class CustomTabPresenterTest {
    private val notes = Notes()
    private val presenter = CustomTabPresenter(app)
    private val sale = saleId()
    private val browser = giveBrowser()

    @Before
    fun pages() = forgetPages()

    /** What was started for this class' sales: one of another's may end just now. */
    private fun started(): Intent? = generateSequence { dev.salekit.android.started() }
        .firstOrNull { it.getStringExtra("dev.salekit.android.SALE")?.startsWith("sale-") ?: true }

    @Test
    fun `the page is a Custom Tab, and a browser without them takes it as a page`() {
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).get()
        val page = started()!!
        assertEquals(Intent.ACTION_VIEW, page.action)
        assertEquals(PAGE, page.dataString)
        assertTrue(page.hasCategory(Intent.CATEGORY_BROWSABLE))
        assertTrue(page.extras!!.containsKey("android.support.customtabs.extra.SESSION"))
        // Whichever activity of the browser: but nobody else's.
        assertNull(page.component)
        assertEquals(browser, page.`package`)
        assertEquals(emptyList<String>(), notes[sale])
        assertFalse(activity.isFinishing)
    }

    @Test
    fun `an app that claims the links of the page's host does not get the page`() {
        giveClaimer("issuer.example")
        presenter.show(notes.page(sale))
        launch(started()!!)
        assertEquals(browser, started()!!.`package`)
    }

    @Test
    fun `the owner's browser shows the page, else one that has Custom Tabs`() {
        giveBrowser("com.other")
        giveBrowser("com.tabs", hasCustomTabs = true)
        shadowOf(app.packageManager).setShouldShowActivityChooser(true)
        presenter.show(notes.page(sale))
        val activity = launch(started()!!)
        assertEquals("com.tabs", started()!!.`package`)

        val filter = IntentFilter(Intent.ACTION_VIEW).apply {
            addCategory(Intent.CATEGORY_BROWSABLE)
            addCategory(Intent.CATEGORY_DEFAULT)
            addDataScheme("https")
        }
        @Suppress("DEPRECATION")
        app.packageManager.addPreferredActivity(filter, 0, null, ComponentName("com.other", "com.other.Main"))
        presenter.show(notes.page(sale))
        activity.covered().broughtForward(started()!!)
        assertEquals("com.other", started()!!.`package`)
    }

    @Test
    fun `the manifest asks to see browsers, or newer Androids would show none`() {
        val queries = File("AndroidManifest.xml").readText().substringAfter("<queries>").substringBefore("</queries>")
        for (part in listOf(Intent.ACTION_VIEW, Intent.CATEGORY_BROWSABLE, "\"https\"", "CustomTabsService")) {
            assertTrue(part, part in queries)
        }
    }

    @Test
    fun `without a browser it throws at once, and nothing is started`() {
        removeBrowser(browser)
        // None is an app that would get the page for its links.
        giveClaimer("issuer.example")
        assertThrows(ActivityNotFoundException::class.java) { presenter.show(notes.page(sale)) }
        assertNull(started())
        Robolectric.buildActivity(Activity::class.java).setup()
        assertNull(started())
    }

    @Test
    fun `a browser that is gone, or cannot be started, when the page should appear is reported`() {
        presenter.show(notes.page(sale))
        val request = started()!!
        removeBrowser(browser)
        assertTrue(launch(request).get().isFinishing)
        assertEquals(listOf("failed"), notes[sale])
        assertNull(started())
    }

    @Test
    fun `nothing but https is opened`() {
        for (url in listOf("http://issuer.example/", "file:///sdcard/a.html", "intent://a#Intent;end", "tel:1", "javascript:1", "")) {
            assertThrows(IllegalArgumentException::class.java) { presenter.show(notes.page(sale, url)) }
            assertNull(started())
        }
    }

    @Test
    fun `nobody else can have a page opened`() {
        // What an app could send if the merchant exports the activity for its return link.
        presenter.show(notes.page(sale))
        val foreign = Intent(started()!!).setData(android.net.Uri.parse("tel:1"))
        val first = launch(foreign).get()
        assertEquals(PAGE, started()!!.dataString)
        val second = launch(Intent(foreign)).get()
        assertNull(started())
        assertTrue(second.isFinishing)
    }

    @Test
    fun `an intent holds no address of a page`() {
        presenter.show(notes.page(sale))
        val request = started()!!
        assertNull(request.data)
        assertFalse(PAGE in request.extras!!.keySet().map { request.extras!!.get(it).toString() })
        launch(request)
    }

    @Test
    fun `to close the page, the activity under it is brought forward`() {
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.dismiss(notes.page(sale))
        val close = started()!!
        assertEquals(BrowserActivity::class.java.name, close.component!!.className)
        val flags = Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or Intent.FLAG_ACTIVITY_SINGLE_TOP
        assertEquals(flags, close.flags and flags)
        activity.broughtForward(close)
        assertTrue(activity.get().isFinishing)
        // It was the sale that wanted it.
        assertEquals(emptyList<String>(), notes[sale])
    }

    @Test
    fun `closing what is not there any more leaves nothing behind`() {
        presenter.dismiss(notes.page(sale))
        assertTrue(launch(started()!!).get().isFinishing)
        assertEquals(emptyList<String>(), notes[sale])
    }

    @Test
    fun `a new page takes the place of the one before`() {
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.show(notes.page(sale, "$PAGE&again"))
        val request = started()!!
        // Else the page before would come to light again when the new one is closed.
        assertEquals(Intent.FLAG_ACTIVITY_CLEAR_TOP, request.flags and Intent.FLAG_ACTIVITY_CLEAR_TOP)
        activity.broughtForward(request)
        assertFalse(activity.get().isFinishing)
        assertEquals("$PAGE&again", started()!!.dataString)
        assertEquals(emptyList<String>(), notes[sale])
    }

    @Test
    fun `what happens to a page is reported to the challenge that is shown`() {
        val later = Notes()
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.show(later.page(sale, "$PAGE&again"))
        activity.broughtForward(started()!!).covered().uncovered()
        assertEquals(emptyList<String>(), notes[sale])
        assertEquals(listOf("closed"), later[sale])
    }

    @Test
    fun `what an earlier process left is taken away`() {
        presenter.dismissLeftover(sale)
        val close = started()!!
        assertEquals(BrowserActivity::class.java.name, close.component!!.className)
        assertTrue(launch(close).get().isFinishing)
        assertEquals(emptySet<String>(), Pages.closing)
    }

    @Test
    fun `a page that is put out of sight by another sale's is closed`() {
        val other = saleId()
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.show(notes.page(other))
        activity.broughtForward(started()!!)
        assertEquals(PAGE, started()?.dataString)
        assertEquals(listOf("closed"), notes[sale])
        assertEquals(emptyList<String>(), notes[other])
        // What the first sale wanted closed is closed already, and whatever is started takes the other page away.
        presenter.dismiss(notes.page(sale))
        activity.covered().takes(started())
        assertFalse(activity.get().isFinishing)
        assertEquals(emptyList<String>(), notes[other])
        assertEquals(emptySet<String>(), Pages.closing)
        // The other's own end closes it.
        presenter.dismiss(notes.page(other))
        assertTrue(activity.broughtForward(started()!!).get().isFinishing)
        assertEquals(emptyList<String>(), notes[other])
    }

    /** As Android does with what is started while the page is above. */
    private fun ActivityController<BrowserActivity>.takes(intent: Intent?) {
        intent?.let { broughtForward(it) }
    }

    @Test
    fun `what an earlier process left is not taken away under another sale's page`() {
        val left = saleId()
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.dismissLeftover(left)
        activity.takes(started())
        // Nor when one of the app's activities is in front for a moment.
        Robolectric.buildActivity(Activity::class.java).setup()
        activity.takes(started())
        assertFalse(activity.get().isFinishing)
        assertEquals(emptyList<String>(), notes[sale])
        activity.uncovered()
        assertEquals(listOf("closed"), notes[sale])
        // With no page in the way, as ever.
        presenter.dismissLeftover(left)
        assertTrue(launch(started()!!).get().isFinishing)
    }

    @Test
    fun `what an earlier process left is not taken away after another sale's page was asked for, which takes its place`() {
        presenter.show(notes.page(sale))
        val request = started()!!
        presenter.dismissLeftover(saleId())
        val next = started()
        val activity = launch(request).covered()
        assertEquals(PAGE, started()?.dataString)
        activity.takes(next)
        Robolectric.buildActivity(Activity::class.java).setup()
        activity.takes(started())
        assertFalse(activity.get().isFinishing)
        assertEquals(emptyList<String>(), notes[sale])
    }

    @Test
    fun `a page goes when the app is back, if the other sale's that was to take its place is not wanted any more`() {
        val other = saleId()
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.show(notes.page(other))
        // Android drops it.
        started()
        presenter.dismiss(notes.page(sale))
        presenter.dismiss(notes.page(other))
        Robolectric.buildActivity(Activity::class.java).setup()
        assertTrue(activity.broughtForward(started()!!).get().isFinishing)
        assertEquals(emptyList<String>(), notes[sale] + notes[other])
    }

    @Test
    fun `a page whose activity is gone with its task does not keep the next sale's page open`() {
        val other = saleId()
        presenter.show(notes.page(sale))
        launch(started()!!).covered().destroy()
        assertEquals(PAGE, started()?.dataString)
        presenter.show(notes.page(other))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.dismiss(notes.page(other))
        assertTrue(activity.broughtForward(started()!!).get().isFinishing)
    }

    @Test
    fun `a page that was asked for in the background appears when the app is back`() {
        presenter.show(notes.page(sale))
        // Android drops it.
        started()
        Robolectric.buildActivity(Activity::class.java).setup()
        launch(started()!!)
        assertEquals(emptyList<String>(), notes[sale])
        assertEquals(PAGE, started()?.dataString)
        Robolectric.buildActivity(Activity::class.java).setup()
        assertNull(started())
    }

    @Test
    fun `a page that was never started is not started when it is not wanted any more`() {
        presenter.show(notes.page(sale))
        started()
        presenter.dismiss(notes.page(sale))
        Robolectric.buildActivity(Activity::class.java).setup()
        assertNull(started())
    }

    @Test
    fun `a page that was to be closed in the background goes when the app is back`() {
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.dismiss(notes.page(sale))
        // Android drops it.
        started()
        Robolectric.buildActivity(Activity::class.java).setup()
        assertTrue(activity.broughtForward(started()!!).get().isFinishing)
        assertEquals(emptyList<String>(), notes[sale])
        // Once it is gone nobody closes it again.
        Robolectric.buildActivity(Activity::class.java).setup()
        assertNull(started())
    }

    @Test
    fun `a page that was to be closed and is left by its reader is not closed again`() {
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.dismiss(notes.page(sale))
        started()
        activity.uncovered()
        assertTrue(activity.get().isFinishing)
        Robolectric.buildActivity(Activity::class.java).setup()
        assertNull(started())
    }

    @Test
    fun `a page that takes the place of one that was to be closed stays`() {
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.dismiss(notes.page(sale))
        presenter.show(notes.page(sale, "$PAGE&again"))
        started()
        started()
        Robolectric.buildActivity(Activity::class.java).setup()
        activity.broughtForward(started()!!)
        assertEquals("$PAGE&again", started()!!.dataString)
        assertFalse(activity.get().isFinishing)
        assertNull(started())
    }

    @Test
    fun `the page before goes as well if the next was not started yet when neither is wanted any more`() {
        presenter.show(notes.page(sale))
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.show(notes.page(sale, "$PAGE&again"))
        started()
        presenter.dismiss(notes.page(sale))
        assertTrue(activity.broughtForward(started()!!).get().isFinishing)
        Robolectric.buildActivity(Activity::class.java).setup()
        assertNull(started())
    }

    @Test
    fun `each page is reported to its own challenge`() {
        val others = Notes()
        val other = saleId()
        presenter.show(notes.page(sale))
        val activity = launch(started()!!)
        assertEquals(PAGE, started()?.dataString)
        CustomTabPresenter(app).show(others.page(other))
        launch(started()!!)
        activity.covered().uncovered()
        assertEquals(listOf("closed"), notes[sale])
        assertEquals(emptyList<String>(), others[other])
        assertEquals(emptyList<String>(), others[sale] + notes[other])
    }
}
