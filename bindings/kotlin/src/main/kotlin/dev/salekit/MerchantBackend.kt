package dev.salekit

import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.future.await
import dev.salekit.ffi.InitiateCompletion
import dev.salekit.ffi.SessionCompletion
import dev.salekit.ffi.ErrorResponse
import dev.salekit.ffi.StoredCardCompletion
import dev.salekit.ffi.TokenCompletion
import dev.salekit.ffi.FailureKind as FfiFailureKind
import dev.salekit.ffi.InitiateSaleRequest as FfiInitiateQuestion
import dev.salekit.ffi.InitiatedSale as FfiInitiatedSale
import dev.salekit.ffi.InvoiceRequest as FfiInvoiceQuestion
import dev.salekit.ffi.SessionAnswer as FfiSessionAnswer
import dev.salekit.ffi.MerchantBackend as FfiMerchantBackend
import dev.salekit.ffi.SaleKitException as FfiException

/**
 * Answers for a merchant whose server does not speak the documented messages. Called in coroutines of SaleKit's, on threads
 * on which it may block. An answer of the merchant's that is not the one that was hoped for is thrown as
 * [MerchantException.Refused], none at all as [MerchantException.Failed]. No card data comes here: the merchant never sees any.
 * Java implements [FutureMerchantBackend] instead.
 *
 * Exceptions of the network may also be thrown as they are (`UnknownHostException`, `SocketTimeoutException`, any other
 * `IOException`, also as a cause): SaleKit asks again where that can help. Any other exception counts as a mistake in the app's
 * code, [FailureKind.CALLBACK_FAILED], and is not asked again. An answer that the protocol does not know, for example an
 * empty token, counts as [FailureKind.ANSWER_UNREADABLE], and so does a `JSONException`; throw that one for other parsers' errors.
 */
public interface MerchantBackend {
    /** Get an access token (32 to 128 characters) for the device with this serial number. */
    public suspend fun accessToken(serialNumber: String): String

    /** Initiate a sale. */
    public suspend fun initiate(question: InitiateSaleRequest): InitiatedSale

    /**
     * Get the gateway's session token of an invoice, which the merchant knows from check sale.
     *
     * A merchant that cannot void invoices ignores [wantsVoid]: it answers [SessionAnswer.Token], and as long as it has accepted
     * no check sale it refuses with status 404.
     *
     * @param wantsVoid the merchant is asked to void the invoice if it has accepted no check sale for it: to refuse every later
     *   check sale, and to answer [SessionAnswer.Void], now and to every later question. Then it is certain that nothing is
     *   charged, and the payer can try again at once.
     */
    public suspend fun sessionToken(question: InvoiceRequest, wantsVoid: Boolean): SessionAnswer

    /** Get the card that the merchant keeps of an invoice. */
    public suspend fun storedCard(question: InvoiceRequest): StoredCard
}

/** A [MerchantBackend] for Java: the same questions, answered by futures that complete exceptionally instead of throwing. */
public abstract class FutureMerchantBackend : MerchantBackend {
    /** As [accessToken]. */
    public abstract fun accessTokenFuture(serialNumber: String): CompletableFuture<String>

    /** As [initiate]. */
    public abstract fun initiateFuture(question: InitiateSaleRequest): CompletableFuture<InitiatedSale>

    /** As [sessionToken]. */
    public abstract fun sessionTokenFuture(question: InvoiceRequest, wantsVoid: Boolean): CompletableFuture<SessionAnswer>

    /** As [storedCard]. */
    public abstract fun storedCardFuture(question: InvoiceRequest): CompletableFuture<StoredCard>

    final override suspend fun accessToken(serialNumber: String): String = accessTokenFuture(serialNumber).await()

    final override suspend fun initiate(question: InitiateSaleRequest): InitiatedSale = initiateFuture(question).await()

    final override suspend fun sessionToken(question: InvoiceRequest, wantsVoid: Boolean): SessionAnswer =
        sessionTokenFuture(question, wantsVoid).await()

    final override suspend fun storedCard(question: InvoiceRequest): StoredCard = storedCardFuture(question).await()
}

/**
 * What the merchant's server is told to initiate a sale. Holds a token, so there is no telling [toString].
 *
 * @property accessToken `session.accessToken`
 * @property consumer `consumer`
 * @property amount `transaction`
 * @property location `location`
 * @property saleId the sale's own id, the same in every question about it
 * @property merchantOrderId [SaleRequest.merchantOrderId]
 */
public class InitiateSaleRequest internal constructor(
    public val accessToken: String,
    public val consumer: Consumer,
    public val amount: Money,
    public val location: SaleLocation?,
    public val saleId: String,
    public val merchantOrderId: String?,
)

/**
 * A question about one of the merchant's invoices. Holds a token, so there is no telling [toString].
 *
 * @property accessToken `session.accessToken`
 * @property serialNumber `consumer.device.serialNumber`
 * @property endpointId `endpointId`
 * @property invoiceId `invoiceId`
 * @property saleId the sale's own id, the same in every question about it
 * @property merchantOrderId [SaleRequest.merchantOrderId], also after a restart
 */
public class InvoiceRequest internal constructor(
    public val accessToken: String,
    public val serialNumber: String,
    public val endpointId: String,
    public val invoiceId: String,
    public val saleId: String,
    public val merchantOrderId: String?,
)

/** What the merchant's server knows of the gateway's session for an invoice. */
public sealed interface SessionAnswer {
    /**
     * It accepted check sale, so the gateway has the sale and can be asked. There is no telling [toString].
     *
     * @param token `session.token` of check sale
     */
    public class Token(@get:JvmSynthetic internal val token: String) : SessionAnswer

    /**
     * It accepted no check sale for this invoice and will refuse every later one: this invoice is not charged and will never
     * be. Where that is not certain, throw [MerchantException.Refused] instead.
     */
    public object Void : SessionAnswer {
        override fun toString(): String = "Void"
    }
}

/**
 * What the merchant's server gave: the invoice, and what proves to the gateway that the merchant asked for it.
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
    internal fun toFfi(): FfiInitiatedSale = FfiInitiatedSale(
        endpointId = endpointId,
        invoiceId = invoiceId,
        nonce = nonce,
        signature = signature,
    )
}

/** Why a [MerchantBackend] has no answer of the kind that was hoped for. */
public sealed class MerchantException(message: String, cause: Throwable?) : Exception(message, cause) {
    /**
     * The merchant's server answered otherwise.
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
    ) : MerchantException("the merchant's server refused with status $status", null) {
        @JvmSynthetic
        internal fun toFfi(): ErrorResponse = ErrorResponse(
            status = status.toUShort(),
            cause = errorCause,
            supportReference = supportReference,
            detail = detail,
        )
    }

    /**
     * No answer came.
     *
     * @param kind what went wrong
     */
    public class Failed @JvmOverloads constructor(private val kind: FailureKind, cause: Throwable? = null) :
        MerchantException("the merchant's server did not answer: ${kind.code}", cause) {
        @JvmSynthetic
        internal fun toFfi(): FfiFailureKind = kind.toFfi()
    }
}

/** Turns the questions with objects for the answers into coroutines. */
internal class MerchantAdapter(private val app: MerchantBackend) : FfiMerchantBackend {
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
}

/** Lets the app answer in a coroutine; what it throws is an answer, too, and an answer that is not usable is [unusable]. */
@JvmSynthetic
internal fun <T> answer(
    completion: AutoCloseable,
    complete: (T) -> Unit,
    refuse: (ErrorResponse) -> Unit,
    fail: (FfiFailureKind) -> Unit,
    unusable: FfiFailureKind = FfiFailureKind.ANSWER_UNREADABLE,
    ask: suspend () -> T,
) {
    merchantCalls.launch {
        completion.use {
            try {
                complete(ask())
            } catch (_: FfiException) {
                // The app's answer itself is not one that the protocol knows.
                fail(unusable)
            } catch (thrown: Throwable) {
                // Whatever it is, it must not end the app.
                when (val exception = thrown.unwrapped()) {
                    is MerchantException.Refused -> refuse(exception.toFfi())
                    is MerchantException.Failed -> fail(exception.toFfi())
                    else -> fail(failureOf(exception).toFfi())
                }
            }
        }
    }
}

private fun FfiInitiateQuestion.toPublic(): InitiateSaleRequest =
    InitiateSaleRequest(
        accessToken = accessToken,
        consumer = consumer.toPublic(),
        amount = amount.toPublic(),
        location = location?.toPublic(),
        saleId = saleId,
        merchantOrderId = merchantOrderId,
    )

private fun SessionAnswer.toFfi(): FfiSessionAnswer = when (this) {
    is SessionAnswer.Token -> FfiSessionAnswer.Token(token = token)
    is SessionAnswer.Void -> FfiSessionAnswer.Void
}

private fun FfiInvoiceQuestion.toPublic(): InvoiceRequest =
    InvoiceRequest(
        accessToken = accessToken,
        serialNumber = serialNumber,
        endpointId = endpointId,
        invoiceId = invoiceId,
        saleId = saleId,
        merchantOrderId = merchantOrderId,
    )
