using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Domains;

/// <summary>Reads small documents from other people's servers, within a time and a size.</summary>
internal sealed class DomainReader(HttpClient http, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>The body and status of an answer.</summary>
    /// <exception cref="DomainException">There is none, or it is too long.</exception>
    internal async Task<(int Status, ReadOnlyMemory<byte> Body)> GetAsync(
        Uri url, int maxBytes, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, either.Token)
                .ConfigureAwait(false);
            var body = await BoundedContent.ReadAsync(response.Content, maxBytes, either.Token).ConfigureAwait(false);
            return ((int)response.StatusCode, body);
        }
        catch (HorizonException exception)
        {
            throw new DomainException($"The answer of {url.Host} is longer than {maxBytes} bytes.", exception);
        }
        catch (Exception exception) when (HorizonTransport.IsTransportFailure(exception, cancellationToken))
        {
            throw new DomainException($"{url.Host} could not be reached.", exception);
        }
    }
}
