using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Reads again what an owner has parked because it could not be read. What the network must be asked for is asked beside the
/// owner's turns, and is there when the operator tries again. For one activation, on its scheduler.
/// </summary>
internal sealed class ParkedLines(INetworkFeed feed)
{
    // More rows than one operation has.
    private const int MostRows = 1 << 16;

    private readonly Dictionary<long, Task<LedgerOperation>> _asked = [];

    /// <summary>Whether an answer waits to be taken, or is still to come.</summary>
    public bool HasAsked => _asked.Count > 0;

    /// <summary>
    /// What was read of a line, each at a place of its own that no other row of its operation has. What failed has moved nothing.
    /// </summary>
    public static IEnumerable<LedgerEntry> Entries(LedgerPlace place, IReadOnlyList<LedgerOperation> read) => read
        .Where(operation => operation.Successful)
        .Select((operation, part) => new LedgerEntry(place with { Number = place.Number + (part * MostRows) }, Movement: operation));

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
            _asked.Remove(line.PagingToken);
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
