using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Reads again what an owner has parked because it could not be read. What the network must be asked for is asked beside the
/// owner's turns, and is there when the operator tries again. For one activation, on its scheduler.
/// </summary>
internal sealed class ParkedLines(INetworkFeed feed)
{
    private readonly Dictionary<long, Task<LedgerOperation>> _asked = [];

    /// <summary>What a line moved; null for the list where it still cannot be read.</summary>
    /// <param name="line">What is parked.</param>
    /// <returns>Whether that is known now (if not, it has been asked for), and what it moved.</returns>
    public async Task<(bool Known, IReadOnlyList<LedgerOperation>? Moved)> ReadAsync(UnreadOperation line)
    {
        if (UnexplainedClaim.Read(line) is not { } claim)
        {
            return (true, feed.ReadAgain(line.Raw));
        }

        if (_asked.TryGetValue(line.PagingToken, out var asked) && asked.IsCompletedSuccessfully)
        {
            return (true, [await asked]);
        }

        if (asked is null or { IsFaulted: true } or { IsCanceled: true })
        {
            asked = feed.CompleteAsync(claim, CancellationToken.None);
            asked.Ignore();
            _asked[line.PagingToken] = asked;
        }

        return (false, null);
    }
}
