using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>Ways through the network's offers, by Horizon.</summary>
internal sealed class HorizonPathFinder(HorizonClient horizon) : IPathFinder
{
    public Task<IReadOnlyList<FoundPath>> FindStrictReceiveAsync(
        string source, string destination, long destinationStroops, CancellationToken cancellationToken) =>
        AskAsync(source, destination, (sent, arrives) =>
            horizon.FindStrictReceivePathsAsync([sent], arrives, destinationStroops, cancellationToken));

    public Task<IReadOnlyList<FoundPath>> FindStrictSendAsync(
        string source, long sourceStroops, string destination, CancellationToken cancellationToken) =>
        AskAsync(source, destination, (sent, arrives) =>
            horizon.FindStrictSendPathsAsync(sent, sourceStroops, [arrives], cancellationToken));

    private static async Task<IReadOnlyList<FoundPath>> AskAsync(
        string source, string destination, Func<Asset, Asset, Task<IReadOnlyList<PaymentPath>>> ask)
    {
        var (sent, arrives) = (Asset.Parse(source), Asset.Parse(destination));
        try
        {
            return
            [
                .. (await ask(sent, arrives))
                    .Where(path => path.SourceAsset == sent && path.DestinationAsset == arrives
                        && path is { SourceAmount: > 0, DestinationAmount: > 0, Path.Count: <= IPathFinder.MaxHops })
                    .Select(path => new FoundPath(
                        path.SourceAmount, path.DestinationAmount, [.. path.Path.Select(asset => asset.ToString())])),
            ];
        }
        catch (HorizonException e)
        {
            throw new NetworkUnavailableException(e.Message, e);
        }
    }
}
