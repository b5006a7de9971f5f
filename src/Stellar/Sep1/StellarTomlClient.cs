using System.Text;
using StellarPay.Stellar.Domains;

namespace StellarPay.Stellar.Sep1;

/// <summary>Fetches stellar.toml files.</summary>
/// <param name="http">
/// Sends the requests. Domains come from strangers, so build it over <see cref="PublicInternet.CreateHandler"/>.
/// </param>
/// <param name="time">The clock for the timeout.</param>
/// <remarks>Source: SEP-1.</remarks>
public sealed class StellarTomlClient(HttpClient http, TimeProvider time)
{
    private readonly DomainReader _reader = new(http, time);

    /// <summary>The file of a domain, fetched anew each time; null if the domain has none (404).</summary>
    /// <param name="domain">A full domain name.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ArgumentException">That is not a domain name.</exception>
    /// <exception cref="DomainException">The file is out of reach, too long or not TOML.</exception>
    public async Task<StellarToml?> FetchAsync(string domain, CancellationToken cancellationToken = default)
    {
        if (!DomainName.IsValid(domain))
        {
            throw new ArgumentException("That is not a full domain name.", nameof(domain));
        }
        var url = new Uri($"https://{domain}/.well-known/stellar.toml");
        var (status, body) = await _reader.GetAsync(url, StellarToml.MaxBytes, cancellationToken).ConfigureAwait(false);
        if (status == 404)
        {
            return null;
        }
        if (status != 200)
        {
            throw new DomainException($"{domain} answered {status} for its stellar.toml.");
        }
        try
        {
            return StellarToml.Parse(Encoding.UTF8.GetString(body.Span));
        }
        catch (FormatException exception)
        {
            throw new DomainException($"The stellar.toml of {domain} cannot be read: {exception.Message}", exception);
        }
    }
}
