using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Postgres.News;
using StellarPay.Grains.Wallets;

namespace StellarPay.Adapters.Postgres.Invitations;

/// <summary>
/// Tells wallets which of their invitations were confirmed in time, soon after it, until they know. That they pay is their own matter, by
/// the due index.
/// </summary>
internal sealed partial class InvitationNewsWorker(
    InvitationNews news, IGrainFactory grains, TimeProvider time, ILogger<InvitationNewsWorker> logger)
    : NewsWorker<ConfirmedInvitation>(time)
{
    protected override Task<IReadOnlyList<ConfirmedInvitation>> TakeAsync(int limit, CancellationToken cancellationToken) =>
        news.TakeAsync(limit, cancellationToken);

    protected override Task TellAsync(ConfirmedInvitation confirmed, CancellationToken cancellationToken) =>
        grains.GetGrain<IWalletInternal>(confirmed.Wallet).TakeInvitationAsync(confirmed.Id, confirmed.User, confirmed.Name);

    protected override void NotTold(Exception exception, ConfirmedInvitation confirmed) =>
        LogNotTold(exception, confirmed.Wallet, confirmed.Id.Value);

    protected override void NotRead(Exception exception) => LogNotRead(exception);

    [LoggerMessage(1072, LogLevel.Warning, "Wallet {Wallet} could not be told that the name of {Invitation} was confirmed; it is tried again")]
    private partial void LogNotTold(Exception exception, string wallet, string invitation);

    [LoggerMessage(1073, LogLevel.Warning, "It could not be read which invitations were confirmed; it is tried again")]
    private partial void LogNotRead(Exception exception);
}
