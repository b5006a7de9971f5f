using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// Up to when ledgers have been read, for all sessions of a silo that wait for it: asked for once a second at most, however many ask.
/// </summary>
internal sealed class ReadLedgers(ILedgerInbox inbox, MerchantClocks clocks)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<LedgerWatermark?>? _asked;
    private long _askedAt;

    /// <summary>When the last ledger closed that has been read, by the network's clock; null before the first.</summary>
    public async Task<DateTimeOffset?> WatermarkAsync()
    {
        Task<LedgerWatermark?> asked;
        lock (_lock)
        {
            if (_asked is null || _asked.IsFaulted || clocks.Time.GetElapsedTime(_askedAt) >= Fresh)
            {
                (_asked, _askedAt) = (inbox.GetWatermarkAsync(CancellationToken.None), clocks.Time.GetTimestamp());
            }

            asked = _asked;
        }

        return (await asked)?.ClosedAt;
    }
}
