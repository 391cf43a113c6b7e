package dev.salekit.android

import android.os.Build
import android.provider.Settings
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File

/** The id of an installation. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class DeviceSerialTest {
    private val file get() = app.noBackupFilesDir.listFiles()!!.single()

    @Test
    fun `it is random, and stays as it is`() {
        val serial = DeviceSerial.of(app)
        assertTrue(Regex("[0-9a-f]{32}").matches(serial))
        assertTrue(serial.toSet().size > 4)
        assertEquals(serial, DeviceSerial.of(app))
        assertEquals(serial, file.readText())
    }

    @Test
    fun `an app that is installed anew has another`() {
        val serial = DeviceSerial.of(app)
        file.delete()
        assertNotEquals(serial, DeviceSerial.of(app))
    }

    @Test
    fun `a file without an id in it is written anew`() {
        val serial = DeviceSerial.of(app)
        for (damaged in listOf("", "0123", "\u0000".repeat(32), "x".repeat(32))) {
            file.writeText(damaged)
            val next = DeviceSerial.of(app)
            assertTrue(Regex("[0-9a-f]{32}").matches(next))
            assertNotEquals(serial, next)
            assertEquals(next, DeviceSerial.of(app))
        }
    }

    @Test
    fun `it is none of the device's own ids`() {
        Settings.Secure.putString(app.contentResolver, Settings.Secure.ANDROID_ID, "0123456789abcdef")
        val serial = DeviceSerial.of(app)
        @Suppress("DEPRECATION")
        for (known in listOf("0123456789abcdef", Build.SERIAL, Build.FINGERPRINT).filter { it.length > 3 }) {
            assertFalse(known in serial)
        }
    }

    @Test
    fun `no backup takes it along`() {
        DeviceSerial.of(app)
        val outside = File(app.applicationInfo.dataDir).walk().filter { it.isFile && !it.startsWith(app.noBackupFilesDir) }
        assertEquals(emptyList<File>(), outside.toList())
    }
}
