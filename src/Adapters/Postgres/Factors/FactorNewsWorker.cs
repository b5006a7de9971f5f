using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Postgres.News;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Wallets;

namespace StellarPay.Adapters.Postgres.Factors;

/// <summary>Tells wallets whether their owners have second factors, soon after each change, until they know.</summary>
internal sealed partial class FactorNewsWorker(FactorNews news, IGrainFactory grains, TimeProvider time, ILogger<FactorNewsWorker> logger)
    : NewsWorker<FactorChange>(time)
{
    protected override Task<IReadOnlyList<FactorChange>> TakeAsync(int limit, CancellationToken cancellationToken) =>
        news.TakeAsync(limit, cancellationToken);

    protected override async Task TellAsync(FactorChange change, CancellationToken cancellationToken)
    {
        var wallet = grains.GetGrain<IWalletInternal>(WalletId.Of(change.User).Value);
        if (await wallet.SetSecondFactorAsync(change.User, change.IsSet, change.Version, change.Since))
        {
            await news.DoneAsync(change, cancellationToken);
        }
    }

    protected override void NotTold(Exception exception, FactorChange change) => LogNotTold(exception, change.User);

    protected override void NotRead(Exception exception) => LogNotRead(exception);

    [LoggerMessage(1070, LogLevel.Warning, "The wallet of {User} could not be told of his second factor; it is tried again")]
    private partial void LogNotTold(Exception exception, UserId user);

    [LoggerMessage(1071, LogLevel.Warning, "It could not be read which wallets are to be told of second factors; it is tried again")]
    private partial void LogNotRead(Exception exception);
}
