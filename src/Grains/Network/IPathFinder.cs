namespace StellarPay.Grains.Network;

/// <summary>A way from one asset to another through the network's offers, at this moment. Amounts are stroops.</summary>
/// <param name="SourceStroops">What is sent, in the first asset.</param>
/// <param name="DestinationStroops">What arrives, in the last asset.</param>
/// <param name="Hops">The assets in between, in canonical form, in order.</param>
public sealed record FoundPath(long SourceStroops, long DestinationStroops, IReadOnlyList<string> Hops);

/// <summary>
/// Looks for ways to pay one asset with another. A price is of the moment: only the ledger decides. Throws
/// <see cref="NetworkUnavailableException"/> where the network gives no answer that tells.
/// </summary>
public interface IPathFinder
{
    /// <summary>The most assets that a path payment may pass through.</summary>
    const int MaxHops = 5;

    /// <summary>Ways by which exactly so much arrives; none where there is no way.</summary>
    Task<IReadOnlyList<FoundPath>> FindStrictReceiveAsync(
        string source, string destination, long destinationStroops, CancellationToken cancellationToken);

    /// <summary>Ways by which exactly so much is sent; none where there is no way.</summary>
    Task<IReadOnlyList<FoundPath>> FindStrictSendAsync(
        string source, long sourceStroops, string destination, CancellationToken cancellationToken);
}
