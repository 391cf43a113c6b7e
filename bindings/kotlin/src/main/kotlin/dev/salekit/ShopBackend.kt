package dev.salekit

import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.future.await
import dev.salekit.ffi.InitiateCompletion
import dev.salekit.ffi.SessionCompletion
import dev.salekit.ffi.ShopRefusal
import dev.salekit.ffi.StoredCardCompletion
import dev.salekit.ffi.TokenCompletion
import dev.salekit.ffi.FailureKind as FfiFailureKind
import dev.salekit.ffi.InitiateQuestion as FfiInitiateQuestion
import dev.salekit.ffi.InitiatedSale as FfiInitiatedSale
import dev.salekit.ffi.InvoiceQuestion as FfiInvoiceQuestion
import dev.salekit.ffi.SessionAnswer as FfiSessionAnswer
import dev.salekit.ffi.ShopBackend as FfiShopBackend

/**
 * Answers for a shop whose server does not speak the documented messages. Called in coroutines of SaleKit's, on threads
 * on which it may block. An answer of the shop's that is not the one that was hoped for is thrown as
 * [ShopException.Refused], none at all as [ShopException.Failed]; anything else that is thrown counts as the latter. No
 * card data comes here: the shop never sees any. Java implements [FutureShopBackend] instead.
 */
public interface ShopBackend {
    /** Get an access token (32 to 128 characters) for the device with this serial number. */
    public suspend fun accessToken(serialNumber: String): String

    /** Initiate a sale. */
    public suspend fun initiate(question: InitiateQuestion): InitiatedSale

    /**
     * Get the gateway's session token of an invoice, which the shop knows from check sale.
     *
     * A shop that cannot void invoices ignores [wantsVoid]: it answers [SessionAnswer.Token], and as long as it has accepted
     * no check sale it refuses with status 404.
     *
     * @param wantsVoid the shop is asked to void the invoice if it has accepted no check sale for it: to refuse every later
     *   check sale, and to answer [SessionAnswer.Void], now and to every later question. Then it is certain that nothing is
     *   charged, and the payer can try again at once.
     */
    public suspend fun sessionToken(question: InvoiceQuestion, wantsVoid: Boolean): SessionAnswer

    /** Get the card that the shop keeps of an invoice. */
    public suspend fun storedCard(question: InvoiceQuestion): StoredCard
}

/** A [ShopBackend] for Java: the same questions, answered by futures that complete exceptionally instead of throwing. */
public abstract class FutureShopBackend : ShopBackend {
    /** As [accessToken]. */
    public abstract fun accessTokenFuture(serialNumber: String): CompletableFuture<String>

    /** As [initiate]. */
    public abstract fun initiateFuture(question: InitiateQuestion): CompletableFuture<InitiatedSale>

    /** As [sessionToken]. */
    public abstract fun sessionTokenFuture(question: InvoiceQuestion, wantsVoid: Boolean): CompletableFuture<SessionAnswer>

    /** As [storedCard]. */
    public abstract fun storedCardFuture(question: InvoiceQuestion): CompletableFuture<StoredCard>

    final override suspend fun accessToken(serialNumber: String): String = accessTokenFuture(serialNumber).await()

    final override suspend fun initiate(question: InitiateQuestion): InitiatedSale = initiateFuture(question).await()

    final override suspend fun sessionToken(question: InvoiceQuestion, wantsVoid: Boolean): SessionAnswer =
        sessionTokenFuture(question, wantsVoid).await()

    final override suspend fun storedCard(question: InvoiceQuestion): StoredCard = storedCardFuture(question).await()
}

/**
 * What the shop's server is told to initiate a sale. Holds a token, so there is no telling [toString].
 *
 * @property accessToken `session.accessToken`
 * @property consumer `consumer`
 * @property amount `transaction`
 * @property location `location`
 */
public class InitiateQuestion internal constructor(
    public val accessToken: String,
    public val consumer: Consumer,
    public val amount: Money,
    public val location: Location?,
)

/**
 * A question about one of the shop's invoices. Holds a token, so there is no telling [toString].
 *
 * @property accessToken `session.accessToken`
 * @property serialNumber `consumer.device.serialNumber`
 * @property endpointId `endpointId`
 * @property invoiceId `invoiceId`
 */
public class InvoiceQuestion internal constructor(
    public val accessToken: String,
    public val serialNumber: String,
    public val endpointId: String,
    public val invoiceId: String,
)

/** What the shop's server knows of the gateway's session for an invoice. */
public sealed interface SessionAnswer {
    /**
     * It accepted check sale, so the gateway has the sale and can be asked. There is no telling [toString].
     *
     * @param token `session.token` of check sale
     */
    public class Token(@get:JvmSynthetic internal val token: String) : SessionAnswer

    /**
     * It accepted no check sale for this invoice and will refuse every later one: this invoice is not charged and will never
     * be. Where that is not certain, throw [ShopException.Refused] instead.
     */
    public object Void : SessionAnswer {
        override fun toString(): String = "Void"
    }
}

/**
 * What the shop's server gave: the invoice, and what proves to the gateway that the shop asked for it.
 *
 * @param endpointId `endpointId`
 * @param invoiceId `invoiceId`
 * @param nonce `session.nonce`
 * @param signature `session.signature`
 */
public class InitiatedSale(
    private val endpointId: String,
    private val invoiceId: String,
    private val nonce: String,
    private val signature: String,
) {
    @JvmSynthetic
    internal fun toFfi(): FfiInitiatedSale = FfiInitiatedSale(endpointId, invoiceId, nonce, signature)
}

/** Why a [ShopBackend] has no answer of the kind that was hoped for. */
public sealed class ShopException(message: String, cause: Throwable?) : Exception(message, cause) {
    /**
     * The shop's server answered otherwise.
     *
     * @param status the HTTP status, as the documented messages use it: 401 and 403 mean that the access token is not
     *   good, other 4xx that asking again gives the same, 5xx that asking again may help
     * @param errorCause `error.cause`, for example `FILTERED`
     * @param supportReference `error.code`: a reference for the support
     * @param detail a sentence for a person, without secrets
     */
    public class Refused @JvmOverloads constructor(
        private val status: Int,
        private val errorCause: String? = null,
        private val supportReference: String? = null,
        private val detail: String? = null,
    ) : ShopException("the shop's server refused with status $status", null) {
        @JvmSynthetic
        internal fun toFfi(): ShopRefusal = ShopRefusal(status.toUShort(), errorCause, supportReference, detail)
    }

    /**
     * No answer came.
     *
     * @param kind what went wrong
     */
    public class Failed @JvmOverloads constructor(private val kind: FailureKind, cause: Throwable? = null) :
        ShopException("the shop's server did not answer: ${kind.code}", cause) {
        @JvmSynthetic
        internal fun toFfi(): FfiFailureKind = kind.mirrored()
    }
}

/** Turns the questions with objects for the answers into coroutines. */
internal class ShopAdapter(private val app: ShopBackend) : FfiShopBackend {
    override fun accessToken(serialNumber: String, completion: TokenCompletion) =
        answer(completion, completion::complete, completion::refuse, completion::fail) { app.accessToken(serialNumber) }

    override fun initiate(question: FfiInitiateQuestion, completion: InitiateCompletion) =
        answer(completion, completion::complete, completion::refuse, completion::fail) {
            app.initiate(question.toPublic()).toFfi()
        }

    override fun sessionToken(question: FfiInvoiceQuestion, wantsVoid: Boolean, completion: SessionCompletion) =
        answer(completion, completion::complete, completion::refuse, completion::fail) {
            app.sessionToken(question.toPublic(), wantsVoid).toFfi()
        }

    override fun storedCard(question: FfiInvoiceQuestion, completion: StoredCardCompletion) =
        answer(completion, completion::complete, completion::refuse, completion::fail) {
            app.storedCard(question.toPublic()).toFfi()
        }

    private fun <T> answer(
        completion: AutoCloseable,
        complete: (T) -> Unit,
        refuse: (ShopRefusal) -> Unit,
        fail: (FfiFailureKind) -> Unit,
        ask: suspend () -> T,
    ) {
        shopCalls.launch {
            // Closing it without an answer, as when the answer was not usable, counts as a failure too.
            completion.use {
                try {
                    complete(ask())
                } catch (refused: ShopException.Refused) {
                    refuse(refused.toFfi())
                } catch (failed: ShopException.Failed) {
                    fail(failed.toFfi())
                } catch (_: Throwable) {
                    // Whatever it is, it must not end the app; the sale says that the app's own code failed.
                    fail(FfiFailureKind.HOST_FAILED)
                }
            }
        }
    }
}

private fun FfiInitiateQuestion.toPublic(): InitiateQuestion =
    InitiateQuestion(accessToken, consumer.toPublic(), amount.toPublic(), location?.toPublic())

private fun SessionAnswer.toFfi(): FfiSessionAnswer = when (this) {
    is SessionAnswer.Token -> FfiSessionAnswer.Token(token)
    is SessionAnswer.Void -> FfiSessionAnswer.Void
}

private fun FfiInvoiceQuestion.toPublic(): InvoiceQuestion =
    InvoiceQuestion(accessToken, serialNumber, endpointId, invoiceId)
