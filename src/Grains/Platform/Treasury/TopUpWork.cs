using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>One top-up that somebody asked for. Whom it pays is read from what is stored, so that no caller can name an address.</summary>
/// <param name="account">The key of the account's grain.</param>
/// <param name="own">The treasury's address; known where it has a key.</param>
/// <param name="judge">What the account is answered by now, in a turn; null where it may have a top-up.</param>
/// <param name="services">What the treasury needs of the outside.</param>
/// <param name="logger">Where to log.</param>
internal sealed partial class TopUpWork(
    string account, string own, Func<Result<string>?> judge, TreasuryServices services, ILogger logger) : IAccountWork
{
    private static readonly Error Stranger = new(
        ErrorKind.Refused, "top_up_refused", "The treasury pays the platform's other accounts only.");

    private static readonly Error Needless = new(
        ErrorKind.Conflict, "top_up_needless", "The account has XLM enough.");

    private OperationBody? _operation;

    public bool Waits => true;

    public bool NeedsSponsor => false;

    public async Task<Error?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (await FindAddressAsync(cancellationToken) is not { } address)
        {
            LogRefused(account);
            return Stranger;
        }

        var there = await services.Gateway.GetAccountAsync(address, cancellationToken);
        if (!services.Account.Funding.IsLow(there))
        {
            return Needless;
        }

        var treasury = await services.Gateway.GetAccountAsync(own, cancellationToken);
        if (treasury is null || treasury.AvailableStroops < services.TopUpStroops + services.FeeBidStroops)
        {
            return PlatformFunding.Unfunded(ITreasuryGrain.Key, own);
        }

        _operation = there is null
            ? new CreateAccountOperation(AccountId.Parse(address), services.TopUpStroops)
            : new PaymentOperation(AccountId.Parse(address), Asset.Native, services.TopUpStroops);
        return null;
    }

    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts) => Task.FromResult<Result<SubmissionPlan>?>(
        judge() is { Error: { } refusal }
            ? refusal
            : new SubmissionPlan(
                Memo.None, [new PlannedOperation(account, new Operation(null, _operation!))], account, "treasury.top_up"));

    private async Task<string?> FindAddressAsync(CancellationToken cancellationToken) =>
        services.Kinds.GetsTopUps(account)
            ? (await services.Accounts.ListAsync(cancellationToken)).FirstOrDefault(there => there.Name == account)?.Address
            : null;

    [LoggerMessage(1253, LogLevel.Warning, "The treasury was asked to pay {Account}, which is no other account of the platform with a key.")]
    private partial void LogRefused(string account);
}
