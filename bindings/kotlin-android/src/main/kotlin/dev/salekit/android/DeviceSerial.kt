package dev.salekit.android

import android.content.Context
import java.io.File
import java.io.IOException
import java.security.SecureRandom

/**
 * `consumer.device.serialNumber`: a random id of this installation. Never the hardware's: it changes when the app is
 * installed anew, is in no backup, and tells nothing about the device or other apps.
 */
public object DeviceSerial {
    private const val BYTES = 16

    /** The id: 32 hexadecimal digits, made when it is asked for first. */
    @JvmStatic
    @Synchronized
    @Throws(IOException::class)
    public fun of(context: Context): String {
        val file = File(context.applicationContext.noBackupFilesDir, "salekit-device")
        if (file.isFile) {
            val known = file.readText()
            if (known.length == 2 * BYTES) return known
        }
        val bytes = ByteArray(BYTES).also { SecureRandom().nextBytes(it) }
        val made = bytes.joinToString("") { "%02x".format(it.toInt() and 0xff) }
        val unfinished = File(file.path + ".new")
        unfinished.writeText(made)
        if (!unfinished.renameTo(file)) throw IOException("the id of this installation cannot be stored")
        return made
    }
}
