using System.Globalization;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Streaming;
using StellarPay.Stellar.Horizon.Transport;

namespace StellarPay.Stellar.Horizon;

/// <summary>Ledgers as they closed.</summary>
/// <remarks>Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/resources/ledgers</remarks>
public sealed class HorizonLedgers
{
    private readonly HorizonTransport _transport;

    internal HorizonLedgers(HorizonTransport transport) => _transport = transport;

    /// <summary>A ledger by its number; null if Horizon does not have it.</summary>
    public Task<LedgerRecord?> GetAsync(uint sequence, CancellationToken cancellationToken = default) =>
        _transport.GetOrNullAsync<LedgerJson, LedgerRecord>(
            string.Create(CultureInfo.InvariantCulture, $"ledgers/{sequence}"),
            HorizonJson.Default.LedgerJson,
            cancellationToken);

    /// <summary>A page of ledgers.</summary>
    public Task<HorizonPage<LedgerRecord>> GetPageAsync(
        PageQuery page, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<LedgerJson, LedgerRecord>, HorizonPage<LedgerRecord>>(
            new HorizonPath("ledgers").With(page).ToString(), HorizonJson.Default.LedgerPage, cancellationToken);

    /// <summary>The last ledger that Horizon knows.</summary>
    /// <exception cref="HorizonException">Horizon knows none yet, or could not be read.</exception>
    public async Task<LedgerRecord> GetLatestAsync(CancellationToken cancellationToken = default)
    {
        var page = await GetPageAsync(new PageQuery { Descending = true, Limit = 1 }, cancellationToken)
            .ConfigureAwait(false);
        return page.Records.Count > 0
            ? page.Records[0]
            : throw new HorizonException("Horizon knows no ledger yet.", isTransient: true);
    }

    /// <summary>Streams ledgers as they close, without an end.</summary>
    /// <param name="cursor">The paging token to begin after, "0" for the beginning, or <see cref="HorizonClient.Now"/>.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="HorizonException">
    /// Horizon refuses for good (4xx but 408, 425 and 429), or a record cannot be understood.
    /// </exception>
    public IAsyncEnumerable<LedgerRecord> StreamAsync(
        string cursor, CancellationToken cancellationToken = default) =>
        HorizonStreams.ReadAsync(
            _transport,
            () => new HorizonPath("ledgers"),
            cursor,
            HorizonJson.Default.LedgerJson,
            page => GetPageAsync(page, cancellationToken),
            cancellationToken);
}
