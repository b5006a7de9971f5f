using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>Ways through the network's offers, by Horizon.</summary>
internal sealed class HorizonPathFinder(HorizonClient horizon, TimeProvider time) : IPathFinder
{
    // A wallet waits for the answer, and everything that waits for the wallet; a price that comes late is worth nothing.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public Task<IReadOnlyList<FoundPath>> FindStrictReceiveAsync(
        string source, string destination, long destinationStroops, CancellationToken cancellationToken) =>
        AskAsync(source, destination, path => path.DestinationAmount == destinationStroops, cancellationToken, (sent, arrives, deadline) =>
            horizon.Market.FindStrictReceivePathsAsync([sent], arrives, destinationStroops, deadline));

    public Task<IReadOnlyList<FoundPath>> FindStrictSendAsync(
        string source, long sourceStroops, string destination, CancellationToken cancellationToken) =>
        AskAsync(source, destination, path => path.SourceAmount == sourceStroops, cancellationToken, (sent, arrives, deadline) =>
            horizon.Market.FindStrictSendPathsAsync(sent, sourceStroops, [arrives], deadline));

    private async Task<IReadOnlyList<FoundPath>> AskAsync(
        string source, string destination, Func<PaymentPath, bool> isExact, CancellationToken cancellationToken,
        Func<Asset, Asset, CancellationToken, Task<IReadOnlyList<PaymentPath>>> ask)
    {
        var (sent, arrives) = (Asset.Parse(source), Asset.Parse(destination));
        using var deadline = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return
            [
                .. (await ask(sent, arrives, either.Token))
                    .Where(path => path.SourceAsset == sent && path.DestinationAsset == arrives && isExact(path)
                        && path is { SourceAmount: > 0, DestinationAmount: > 0, Path.Count: <= IPathFinder.MaxHops })
                    .Select(path => new FoundPath(
                        path.SourceAmount, path.DestinationAmount, [.. path.Path.Select(asset => asset.ToString())])),
            ];
        }
        catch (HorizonException e)
        {
            throw HorizonShare.Unavailable(e);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new NetworkUnavailableException("Horizon found no path in time.", e);
        }
    }
}
