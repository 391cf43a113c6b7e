package dev.salekit.android

import android.content.Intent
import android.net.Uri
import android.os.Bundle
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** What the activity under the page makes of what happens to it. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class BrowserActivityTest {
    private val notes = Notes()
    private val presenter = CustomTabPresenter(app)
    private val sale = saleId()

    @Before
    fun browser() {
        giveBrowser()
    }

    /** The page is open, and its intent looked at. */
    private fun opened() = presenter.show(notes.page(sale)).run { launch(started()!!) }.also { assertEquals(PAGE, started()?.dataString) }

    private fun link(address: String) = Intent(Intent.ACTION_VIEW, Uri.parse(address)).addCategory(Intent.CATEGORY_BROWSABLE)

    /** The state of an activity that Android does away with, to make it anew. */
    private fun savedState() = Bundle().also { opened().pause().saveInstanceState(it).stop().destroy() }

    /** The same of one whose process is killed: the next one knows of no challenge. */
    private fun savedStateOfAnotherProcess() = savedState().also { assertNotNull(Pages.end(sale)) }

    private fun again(saved: Bundle) = Robolectric
        .buildActivity(BrowserActivity::class.java, BrowserActivity.opening(app, sale))
        .create(saved).start().restoreInstanceState(saved)

    @Test
    fun `a page that is left is closed, once`() {
        val activity = opened().covered().uncovered()
        assertEquals(listOf("closed"), notes[sale])
        assertTrue(activity.get().isFinishing)
    }

    @Test
    fun `a page that leaves something of the app in sight is closed too`() {
        // Then the activity under it is paused and never stopped.
        val activity = opened().pause().resume()
        assertEquals(listOf("closed"), notes[sale])
        assertTrue(activity.get().isFinishing)
    }

    @Test
    fun `an activity that is ended beside a page in a window of its own reports at once, and once`() {
        // As a back gesture does. It was neither paused nor stopped.
        val activity = opened()
        activity.get().finishAfterTransition()
        assertTrue(activity.get().isFinishing)
        assertEquals(listOf("closed"), notes[sale])
        activity.pause().stop().destroy()
        assertEquals(listOf("closed"), notes[sale])
    }

    @Test
    fun `made anew after its process was killed, it ends when the page is left, opens nothing and reports nothing`() {
        val activity = again(savedStateOfAnotherProcess())
        assertFalse(activity.get().isFinishing)
        assertNull(started())
        activity.resume()
        assertTrue(activity.get().isFinishing)
        assertNull(started())
        assertEquals(emptyList<String>(), notes[sale])
    }

    @Test
    fun `made anew in the same process, it still reports to its challenge`() {
        val activity = again(savedState())
        activity.resume()
        assertTrue(activity.get().isFinishing)
        assertEquals(listOf("closed"), notes[sale])
    }

    @Test
    fun `a rotation while the page appears neither closes nor opens it again`() {
        val activity = opened()
        activity.recreate()
        assertFalse(activity.get().isFinishing)
        assertNull(started())
        assertEquals(emptyList<String>(), notes[sale])
        activity.covered().uncovered()
        assertEquals(listOf("closed"), notes[sale])
    }

    @Test
    fun `a return link that finds the activity on top is reported`() {
        giveReturnLink()
        val activity = opened().covered().broughtForward(link(RETURN_LINK))
        assertEquals(listOf("returned"), notes[sale])
        assertTrue(activity.get().isFinishing)
    }

    @Test
    fun `a return link that starts a second activity above the page reaches the one below`() {
        giveReturnLink()
        val below = opened().covered()
        val above = launch(link(RETURN_LINK))
        assertTrue(above.get().isFinishing)
        val forward = started()!!
        assertEquals(BrowserActivity::class.java.name, forward.component!!.className)
        assertTrue(forward.flags and Intent.FLAG_ACTIVITY_CLEAR_TOP != 0)
        below.broughtForward(forward)
        assertEquals(listOf("returned"), notes[sale])
        assertTrue(below.get().isFinishing)
    }

    @Test
    fun `a return link after the process was killed ends the page and reports nothing`() {
        giveReturnLink()
        val activity = again(savedStateOfAnotherProcess()).newIntent(link(RETURN_LINK))
        assertEquals(emptyList<String>(), notes[sale])
        assertTrue(activity.get().isFinishing)
    }

    @Test
    fun `a return link without a page goes nowhere`() {
        giveReturnLink()
        val above = launch(link(RETURN_LINK)).get()
        val stray = launch(started()!!).get()
        assertTrue(stray.isFinishing)
        assertNull(started())
    }

    @Test
    fun `links that are not the app's are ignored`() {
        giveReturnLink()
        val activity = opened().covered()
        for (address in listOf("https://shop.example/other", "https://evil.example/paid", "http://shop.example/paid", "merchant:paid")) {
            activity.get().also { it.javaClass.getDeclaredMethod("onNewIntent", Intent::class.java).invoke(it, link(address)) }
            assertFalse(address, activity.get().isFinishing)
            assertNull(address, launch(link(address)).run { started() })
        }
        assertEquals(emptyList<String>(), notes[sale])
    }

    @Test
    fun `an activity that nobody asked for ends`() {
        for (intent in listOf(Intent(), Intent(Intent.ACTION_MAIN), BrowserActivity.opening(app, "unknown"))) {
            val activity = launch(intent).get()
            assertTrue(activity.isFinishing)
            assertNull(started())
        }
    }
}
