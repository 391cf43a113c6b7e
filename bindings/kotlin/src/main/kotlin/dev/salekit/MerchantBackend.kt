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
 * Answers for a merchant whose server does not support the documented messages. SaleKit calls it in coroutines, on
 * threads that it may block. If the merchant's server answers with an error, throw [MerchantException.Refused]. If no
 * answer comes, throw [MerchantException.Failed]. A backend receives no card data: the merchant never sees any. In Java
 * implement [FutureMerchantBackend] instead.
 *
 * You may also let network exceptions through as they are: `UnknownHostException`, `SocketTimeoutException` and any
 * other `IOException`, also as a cause. SaleKit asks again where that can help. Any other exception counts as a mistake
 * in the app's code, [FailureKind.CALLBACK_FAILED], and SaleKit does not ask again. An answer that the protocol does
 * not allow, for example an empty token, counts as [FailureKind.ANSWER_UNREADABLE]. So does a `JSONException`: throw it
 * for errors of other parsers.
 */
public interface MerchantBackend {
    /** Get an access token (32 to 128 characters) for the device with this serial number. */
    public suspend fun accessToken(serialNumber: String): String

    /** Initiate a sale. */
    public suspend fun initiate(question: InitiateSaleRequest): InitiatedSale

    /**
     * Get the gateway's session token of an invoice, which the merchant knows from check sale.
     *
     * A merchant that cannot void invoices ignores [wantsVoid]: it answers [SessionAnswer.Token], and as long as it has
     * accepted no check sale it refuses with status 404.
     *
     * @param wantsVoid asks the merchant to void the invoice if it has accepted no check sale for it. It must then
     *   refuse every later check sale, and answer [SessionAnswer.Void], now and to every later request. Then it is
     *   certain that nothing is charged, and the payer can try again at once.
     */
    public suspend fun sessionToken(question: InvoiceRequest, wantsVoid: Boolean): SessionAnswer

    /** Get the card that the merchant keeps for an invoice. */
    public suspend fun storedCard(question: InvoiceRequest): StoredCard
}

/**
 * A [MerchantBackend] for Java. It gets the same requests and answers with futures, which complete exceptionally
 * instead of throwing.
 */
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
 * The data to initiate a sale. It contains a token, so [toString] shows no values.
 *
 * @property accessToken `session.accessToken`
 * @property consumer `consumer`
 * @property amount `transaction`
 * @property location `location`
 * @property saleId the sale's own id, the same in every request about it
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
 * A request about one of the merchant's invoices. It contains a token, so [toString] shows no values.
 *
 * @property accessToken `session.accessToken`
 * @property serialNumber `consumer.device.serialNumber`
 * @property endpointId `endpointId`
 * @property invoiceId `invoiceId`
 * @property saleId the sale's own id, the same in every request about it
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

/** What the merchant's server knows about the gateway's session for an invoice. */
public sealed interface SessionAnswer {
    /**
     * It accepted check sale, so the gateway has the sale and can be asked with this token. [toString] does not show
     * the token.
     *
     * @param token `session.token` of check sale
     */
    public class Token(@get:JvmSynthetic internal val token: String) : SessionAnswer

    /**
     * It accepted no check sale for this invoice and will refuse every later one: this invoice is not charged and will
     * never be. If that is not certain, throw [MerchantException.Refused] instead.
     */
    public object Void : SessionAnswer {
        override fun toString(): String = "Void"
    }
}

/**
 * The answer of the merchant's server to initiate sale: the invoice, and what proves to the gateway that the merchant
 * asked for it.
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

/** Why a [MerchantBackend] cannot give the requested answer. */
public sealed class MerchantException(message: String, cause: Throwable?) : Exception(message, cause) {
    /**
     * The merchant's server answered with an error.
     *
     * @param status the HTTP status, as the documented messages use it: 401 and 403 mean that the access token is not
     *   valid. Other 4xx are permanent, 5xx are retryable.
     * @param errorCause `error.cause`, for example `FILTERED`; `null` if the server gives none
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

/**
 * Runs each call of the core in a coroutine of the app's backend, and passes the answer on to the core's completion
 * object.
 */
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

/**
 * Runs [ask] in a coroutine and passes its answer on. An exception becomes a refusal or a failure. An answer that the
 * core does not accept fails as [unusable].
 */
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
                // The core did not accept the app's answer, because the protocol does not allow it.
                fail(unusable)
            } catch (thrown: Throwable) {
                // No exception, of any kind, may end the app.
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
