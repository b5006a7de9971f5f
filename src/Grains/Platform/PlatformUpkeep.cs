using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Keeps the platform's accounts able to pay. For a host, not a grain: so an account never calls the treasury.
/// </summary>
public sealed class PlatformUpkeep(IGrainFactory grains, PlatformAccountKinds kinds)
{
    private static readonly Error NoSuchAccount =
        new(ErrorKind.NotFound, "platform_account_not_found", "The platform has no such account.");

    /// <summary>
    /// Has an account exist and, where it has too little XLM and no friendbot helps, topped up from the treasury.
    /// </summary>
    /// <param name="account">One of <see cref="PlatformAccountKinds.Keys"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The account's address; or what is still missing, such as <c>platform_account_topping_up</c>.</returns>
    public async Task<Result<string>> EnsureAsync(string account, CancellationToken cancellationToken)
    {
        if (kinds.Find(grains, account) is not { } grain)
        {
            return NoSuchAccount;
        }

        var ensured = await grain.EnsureAsync(cancellationToken);
        if (!kinds.GetsTopUps(account) || ensured.Error?.Code != PlatformFunding.UnfundedCode)
        {
            return ensured;
        }

        var topUp = await grains.GetGrain<ITreasuryGrain>(ITreasuryGrain.Key).TopUpAsync(account, cancellationToken);
        return topUp.IsSuccess
            ? new Error(ErrorKind.Unavailable, "platform_account_topping_up",
                $"The treasury tops {account} up by transaction {topUp.Value}.")
            : topUp.Error;
    }
}
