package dev.salekit.android

import android.content.Context
import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.security.SecureRandom

/**
 * `consumer.device.serialNumber`: a random id of this installation, never the hardware's. It changes when the app is
 * reinstalled, no backup contains it, and it says nothing about the device or other apps.
 */
public object DeviceSerial {
    private const val BYTES = 16
    private val form = Regex("[0-9a-f]{${2 * BYTES}}")

    /** The id: 32 hexadecimal digits, created at the first call. */
    @JvmStatic
    @Synchronized
    @Throws(IOException::class)
    public fun of(context: Context): String {
        val file = File(context.applicationContext.noBackupFilesDir, "salekit-device")
        if (file.isFile) {
            val known = file.readText()
            if (form.matches(known)) return known
        }
        val bytes = ByteArray(BYTES).also { SecureRandom().nextBytes(it) }
        val made = bytes.joinToString("") { "%02x".format(it.toInt() and 0xff) }
        val unfinished = File(file.path + ".new")
        FileOutputStream(unfinished).use {
            it.write(made.toByteArray())
            // Without the sync a power cut could leave a file of the right length without its contents.
            it.fd.sync()
        }
        if (!unfinished.renameTo(file)) throw IOException("the id of this installation cannot be stored")
        return made
    }
}
