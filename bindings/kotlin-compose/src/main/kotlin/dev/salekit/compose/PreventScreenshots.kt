package dev.salekit.compose

import android.app.Activity
import android.content.Context
import android.content.ContextWrapper
import android.view.Window
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.ui.platform.LocalView
import androidx.compose.ui.window.DialogWindowProvider

/**
 * Keeps this window out of screenshots, recordings and the list of apps (`FLAG_SECURE`) while this composable is on the
 * screen. If the app itself has already set the flag, it stays set.
 */
@Composable
public fun PreventScreenshots() {
    val view = LocalView.current
    val window = (view.parent as? DialogWindowProvider)?.window ?: view.context.activity()?.window ?: return
    DisposableEffect(window) {
        val wasSecure = window.isSecure()
        window.addFlags(FLAG_SECURE)
        onDispose { if (!wasSecure) window.clearFlags(FLAG_SECURE) }
    }
}

private fun Window.isSecure() = attributes.flags and FLAG_SECURE != 0

private tailrec fun Context.activity(): Activity? = when (this) {
    is Activity -> this
    is ContextWrapper -> baseContext.activity()
    else -> null
}
