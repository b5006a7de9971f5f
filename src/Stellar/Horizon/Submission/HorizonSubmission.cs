using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon;

/// <summary>Requests that are sent once, whatever becomes of them, and whose answer is classified once.</summary>
internal static class HorizonSubmission
{
    public static async Task<SubmitResult> PostAsync(
        HorizonTransport transport,
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
            transport,
            (endpoint, token) => transport.PostOnceAsync(endpoint, path, form, transport.Options.SubmitTimeout, token),
            classify,
            cancellationToken).ConfigureAwait(false);
    }

    public static async Task<SubmitResult> SendOnceAsync(
        HorizonTransport transport,
        Func<HorizonEndpoint, CancellationToken, Task<HorizonAnswer>> send,
        Func<HorizonAnswer, SubmitResult> classify,
        CancellationToken cancellationToken)
    {
        var endpoint = transport.Endpoints.Pick();
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
            transport.Endpoints.Fail(endpoint);
            return SubmitClassifier.Classify(exception);
        }
    }
}
