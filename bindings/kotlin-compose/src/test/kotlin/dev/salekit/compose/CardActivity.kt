package dev.salekit.compose

import android.os.Bundle
import android.view.KeyEvent
import android.view.View
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputConnection
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.viewModels
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.ViewRootForTest
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.junit4.AndroidComposeTestRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.unit.dp
import androidx.test.ext.junit.rules.ActivityScenarioRule
import dev.salekit.CardField
import dev.salekit.FieldState

/** A screen with a card on it. */
class CardActivity : ComponentActivity() {
    val model: CardFormModel by viewModels()
    var preventsScreenshots by mutableStateOf(true)
    var done = 0

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContent {
            MaterialTheme {
                Surface {
                    Column(Modifier.verticalScroll(rememberScrollState()).padding(16.dp)) {
                        CardEntry(model.card, preventsScreenshots = preventsScreenshots) { done += 1 }
                        Button({}) { Text("Pay") }
                    }
                }
            }
        }
    }
}

typealias CardRule = AndroidComposeTestRule<ActivityScenarioRule<CardActivity>, CardActivity>

val CardRule.card get() = activity.model.card

fun CardRule.field(field: CardField): SemanticsNodeInteraction = onNodeWithText(field.displayMessage(java.util.Locale.getDefault()))

/** What the field shows, to the one who sees it. */
fun CardRule.shown(field: CardField): String = runOnIdle { card.entries.getValue(field).text.text.toString() }

fun CardRule.caret(field: CardField): Int = runOnIdle { card.entries.getValue(field).text.selection.end }

fun CardRule.select(field: CardField, start: Int, end: Int) {
    field(field).performSemanticsAction(SemanticsActions.SetSelection) { it(start, end, false) }
    waitForIdle()
}

/** Both say the same, and nobody has gone past the form. */
fun CardRule.state(field: CardField): FieldState = runOnIdle {
    card.form.state(field).also { check(it.display == card.entries.getValue(field).text.text.toString()) { "the field shows something else" } }
}

val CardRule.view: View get() = (field(CardField.NUMBER).fetchSemanticsNode().root as ViewRootForTest).view

/** A key of a hardware keyboard, with control held down. */
fun CardRule.control(code: Int) {
    for (action in listOf(KeyEvent.ACTION_DOWN, KeyEvent.ACTION_UP)) {
        view.let { root -> runOnIdle { root.dispatchKeyEvent(KeyEvent(0, 0, action, code, 0, KeyEvent.META_CTRL_ON or KeyEvent.META_CTRL_LEFT_ON)) } }
    }
    waitForIdle()
}

/** A keyboard's line to the field that has the focus. */
class Keyboard(private val rule: CardRule) {
    val editor = EditorInfo()
    private val line: InputConnection = rule.view.let { root ->
        rule.runOnIdle { root.onCreateInputConnection(editor) ?: error("no field has the focus") }
    }

    /** Without waiting for the screen: the field answers at once. */
    fun atOnce(act: InputConnection.() -> Unit) = rule.runOnUiThread { line.act() }

    operator fun invoke(act: InputConnection.() -> Unit) {
        rule.runOnIdle { line.act() }
        rule.waitForIdle()
    }
}
