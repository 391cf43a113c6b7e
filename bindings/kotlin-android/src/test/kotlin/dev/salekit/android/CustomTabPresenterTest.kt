package dev.salekit.android

import android.app.Activity
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** What is started to show a page and to take it away. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class CustomTabPresenterTest {
    private val notes = Notes()
    private val presenter = CustomTabPresenter(app).apply { attach(notes) }
    private val sale = saleId()

    @Test
    fun `the page is a Custom Tab, and a browser without them takes it as a page`() {
        presenter.open(sale, PAGE)
        val activity = launch(started()!!).get()
        val page = started()!!
        assertEquals(Intent.ACTION_VIEW, page.action)
        assertEquals(PAGE, page.dataString)
        assertTrue(page.hasCategory(Intent.CATEGORY_BROWSABLE))
        assertTrue(page.extras!!.containsKey("android.support.customtabs.extra.SESSION"))
        // Whichever browser the owner of the device has chosen.
        assertNull(page.component)
        assertNull(page.`package`)
        assertEquals(listOf("Opened"), notes[sale])
        assertFalse(activity.isFinishing)
    }

    @Test
    fun `any browser will do where nothing knows Custom Tabs, and without one the sale is told`() {
        shadowOf(app).checkActivities(true)
        shadowOf(app.packageManager).addActivityIfNotPresent(ComponentName(app, BrowserActivity::class.java))
        presenter.open(sale, PAGE)
        val request = started()!!
        val alone = launch(request)
        assertEquals(listOf("Failed"), notes[sale])
        assertTrue(alone.get().isFinishing)

        val browser = ComponentName("com.browser", "com.browser.Main")
        shadowOf(app.packageManager).apply {
            addActivityIfNotPresent(browser)
            addIntentFilterForActivity(
                browser,
                IntentFilter(Intent.ACTION_VIEW).apply {
                    addCategory(Intent.CATEGORY_BROWSABLE)
                    addCategory(Intent.CATEGORY_DEFAULT)
                    addDataScheme("https")
                },
            )
        }
        val other = saleId()
        presenter.open(other, PAGE)
        val activity = launch(started()!!).get()
        assertEquals(listOf("Opened"), notes[other])
        assertNotNull(started())
    }

    @Test
    fun `nothing but https is opened`() {
        for (url in listOf("http://issuer.example/", "file:///sdcard/a.html", "intent://a#Intent;end", "tel:1", "javascript:1", "")) {
            assertThrows(IllegalArgumentException::class.java) { presenter.open(sale, url) }
            assertNull(started())
        }
    }

    @Test
    fun `nobody else can have a page opened`() {
        // What an app could send if the shop exports the activity for its return link.
        presenter.open(sale, PAGE)
        val foreign = Intent(started()!!).setData(android.net.Uri.parse("tel:1"))
        val first = launch(foreign).get()
        assertEquals(PAGE, started()!!.dataString)
        val second = launch(Intent(foreign)).get()
        assertNull(started())
        assertTrue(second.isFinishing)
    }

    @Test
    fun `an intent holds no address of a page`() {
        presenter.open(sale, PAGE)
        val request = started()!!
        assertNull(request.data)
        assertFalse(PAGE in request.extras!!.keySet().map { request.extras!!.get(it).toString() })
        launch(request)
    }

    @Test
    fun `to close the page, the activity under it is brought forward`() {
        presenter.open(sale, PAGE)
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.close(sale)
        val close = started()!!
        assertEquals(BrowserActivity::class.java.name, close.component!!.className)
        val flags = Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or Intent.FLAG_ACTIVITY_SINGLE_TOP
        assertEquals(flags, close.flags and flags)
        activity.broughtForward(close)
        assertTrue(activity.get().isFinishing)
        // It was the sale that wanted it.
        assertEquals(listOf("Opened"), notes[sale])
    }

    @Test
    fun `closing what is not there any more leaves nothing behind`() {
        presenter.close(sale)
        assertTrue(launch(started()!!).get().isFinishing)
        assertEquals(emptyList<String>(), notes[sale])
    }

    @Test
    fun `a new page takes the place of the one before`() {
        presenter.open(sale, PAGE)
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.open(sale, "$PAGE&again")
        val request = started()!!
        // Else the page before would come to light again when the new one is closed.
        assertEquals(Intent.FLAG_ACTIVITY_CLEAR_TOP, request.flags and Intent.FLAG_ACTIVITY_CLEAR_TOP)
        activity.broughtForward(request)
        assertFalse(activity.get().isFinishing)
        assertEquals("$PAGE&again", started()!!.dataString)
        assertEquals(listOf("Opened", "Opened"), notes[sale])
    }

    @Test
    fun `a page that is put out of sight by another sale's is closed`() {
        val other = saleId()
        presenter.open(sale, PAGE)
        val activity = launch(started()!!).covered()
        assertEquals(PAGE, started()?.dataString)
        presenter.open(other, PAGE)
        activity.broughtForward(started()!!)
        assertEquals(PAGE, started()?.dataString)
        assertEquals(listOf("Opened", "Closed"), notes[sale])
        assertEquals(listOf("Opened"), notes[other])
        // What the first sale wanted closed is closed already.
        presenter.close(sale)
        activity.covered().apply { restart().start().newIntent(started()!!) }
        assertFalse(activity.get().isFinishing)
    }

    @Test
    fun `a page that was asked for in the background appears when the app is back`() {
        presenter.open(sale, PAGE)
        // Android drops it.
        started()
        Robolectric.buildActivity(Activity::class.java).setup()
        launch(started()!!)
        assertEquals(listOf("Opened"), notes[sale])
        assertEquals(PAGE, started()?.dataString)
        Robolectric.buildActivity(Activity::class.java).setup()
        assertNull(started())
    }

    @Test
    fun `a page that was never started is not started when it is not wanted any more`() {
        presenter.open(sale, PAGE)
        started()
        presenter.close(sale)
        Robolectric.buildActivity(Activity::class.java).setup()
        assertNull(started())
    }

    @Test
    fun `each client's sales are told by its own presenter`() {
        val others = Notes()
        val other = saleId()
        presenter.open(sale, PAGE)
        val activity = launch(started()!!)
        assertEquals(PAGE, started()?.dataString)
        CustomTabPresenter(app).apply { attach(others) }.open(other, PAGE)
        launch(started()!!)
        activity.covered().uncovered()
        assertEquals(listOf("Opened", "Closed"), notes[sale])
        assertEquals(listOf("Opened"), others[other])
        assertEquals(emptyList<String>(), others[sale] + notes[other])
    }
}
