using StellarPay.Stellar.Horizon.Transport;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

public sealed partial class HorizonClient
{
    /// <summary>
    /// Submits a signed transaction and waits until a ledger decides, or Horizon gives up waiting. Sent once: whether
    /// and when to send it again is the caller's, by <see cref="SubmitResult.Outcome"/>. Submitting the same envelope
    /// again is always safe, since its sequence number can be used once.
    /// </summary>
    /// <param name="envelope">The signed envelope.</param>
    /// <param name="cancellationToken">
    /// Cancels the waiting, by <see cref="OperationCanceledException"/>; what becomes of the transaction is then unknown.
    /// </param>
    public Task<SubmitResult> SubmitAsync(TransactionEnvelope envelope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return SubmitAsync(envelope.ToXdrBase64(), cancellationToken);
    }

    /// <summary>Submits as <see cref="SubmitAsync(TransactionEnvelope, CancellationToken)"/> does.</summary>
    /// <param name="envelopeXdr">The signed envelope in base64 XDR.</param>
    /// <param name="cancellationToken">Cancels the waiting; what becomes of the transaction is then unknown.</param>
    public Task<SubmitResult> SubmitAsync(string envelopeXdr, CancellationToken cancellationToken = default) =>
        PostAsync("transactions", envelopeXdr, SubmitClassifier.Classify, cancellationToken);

    /// <summary>
    /// Submits a signed transaction without waiting for a ledger: at best the outcome is
    /// <see cref="SubmitOutcome.Unknown"/>, and the hash is to be looked for.
    /// </summary>
    /// <param name="envelopeXdr">The signed envelope in base64 XDR.</param>
    /// <param name="cancellationToken">Cancels the waiting; what becomes of the transaction is then unknown.</param>
    /// <remarks>Source: Horizon, POST /transactions_async.</remarks>
    public Task<SubmitResult> SubmitWithoutWaitingAsync(
        string envelopeXdr, CancellationToken cancellationToken = default) =>
        PostAsync("transactions_async", envelopeXdr, SubmitClassifier.ClassifyAsync, cancellationToken);

    /// <summary>Asks friendbot, which test networks have, to create and fund an account.</summary>
    /// <returns>
    /// How that went. An account that is funded already is <see cref="SubmitOutcome.Terminal"/>.
    /// </returns>
    public Task<SubmitResult> FundByFriendbotAsync(
        AccountId accountId, CancellationToken cancellationToken = default) =>
        SendOnceAsync(
            (endpoint, token) => _transport.GetOnceAsync(
                endpoint, $"friendbot?addr={accountId}", _options.SubmitTimeout, token),
            SubmitClassifier.Classify,
            cancellationToken);

    private async Task<SubmitResult> PostAsync(
        string path,
        string envelopeXdr,
        Func<HorizonAnswer, SubmitResult> classify,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(envelopeXdr);
        // Not FormUrlEncodedContent, which refuses long values on some platforms and escapes more than needed.
        using var form = new StringContent("tx=" + Uri.EscapeDataString(envelopeXdr));
        form.Headers.ContentType = new("application/x-www-form-urlencoded");
        return await SendOnceAsync(
            (endpoint, token) => _transport.PostOnceAsync(endpoint, path, form, _options.SubmitTimeout, token),
            classify,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<SubmitResult> SendOnceAsync(
        Func<HorizonEndpoint, CancellationToken, Task<HorizonAnswer>> send,
        Func<HorizonAnswer, SubmitResult> classify,
        CancellationToken cancellationToken)
    {
        var endpoint = _transport.Endpoints.Pick();
        var limited = endpoint.LimitedFor();
        if (limited > TimeSpan.Zero)
        {
            return new SubmitResult
            {
                Outcome = SubmitOutcome.RetrySameEnvelope,
                Reason = "The rate limit of Horizon is used up; nothing was sent.",
                RetryAfter = limited,
            };
        }
        try
        {
            var answer = await send(endpoint, cancellationToken).ConfigureAwait(false);
            return classify(answer);
        }
        catch (HorizonException exception)
        {
            // The answer was too long to be read.
            return SubmitClassifier.Classify(exception);
        }
        catch (Exception exception) when (HorizonTransport.IsTransportFailure(exception, cancellationToken))
        {
            _transport.Endpoints.Fail(endpoint);
            return SubmitClassifier.Classify(exception);
        }
    }
}
