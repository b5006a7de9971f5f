using System.Net;
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
            // Sent even where the rate limit seems used up, as an answer to some read may have said: what is left may be for
            // submissions. Only the answer to one holds the next ones.
            endpoint => endpoint.RefusesFor(),
            async (endpoint, token) =>
            {
                var answer = await transport.PostOnceAsync(endpoint, path, form, transport.Options.SubmitTimeout, token)
                    .ConfigureAwait(false);
                if (answer is { Status: HttpStatusCode.TooManyRequests, RetryAfter: { } wait })
                {
                    endpoint.Refuse(wait);
                }
                return answer;
            },
            classify,
            cancellationToken).ConfigureAwait(false);
    }

    public static async Task<SubmitResult> SendOnceAsync(
        HorizonTransport transport,
        Func<HorizonEndpoint, TimeSpan> waits,
        Func<HorizonEndpoint, CancellationToken, Task<HorizonAnswer>> send,
        Func<HorizonAnswer, SubmitResult> classify,
        CancellationToken cancellationToken)
    {
        var endpoint = transport.Endpoints.Pick();
        var limited = waits(endpoint);
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
