using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Keeps the platform's accounts able to pay. For a host, not a grain: so an account never calls the treasury.
/// </summary>
public static class PlatformUpkeep
{
    /// <summary>
    /// Has an account exist and, where it has too little XLM and no friendbot helps, topped up from the treasury.
    /// </summary>
    /// <param name="grains">Where the grains are.</param>
    /// <param name="account">One of <see cref="PlatformOptions.AccountKeys"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The account's address; or what is still missing, such as <c>platform_account_topping_up</c>.</returns>
    public static async Task<Result<string>> EnsurePlatformAccountAsync(
        this IGrainFactory grains, string account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grains);
        var treasury = grains.GetGrain<ITreasuryGrain>(ITreasuryGrain.Key);
        var ensured = account switch
        {
            ITreasuryGrain.Key => await treasury.EnsureAsync(cancellationToken),
            ISuspenseGrain.Key => await grains.GetGrain<ISuspenseGrain>(account).EnsureAsync(cancellationToken),
            _ when account.StartsWith(PlatformKeys.SponsorPrefix, StringComparison.Ordinal) =>
                await grains.GetGrain<ISponsorGrain>(account).EnsureAsync(cancellationToken),
            _ => await grains.GetGrain<IFeeAccountGrain>(account).EnsureAsync(cancellationToken),
        };
        if (account == ITreasuryGrain.Key || ensured.Error?.Code != PlatformFunding.UnfundedCode)
        {
            return ensured;
        }

        var topUp = await treasury.TopUpAsync(account, cancellationToken);
        return topUp.IsSuccess
            ? new Error(ErrorKind.Unavailable, "platform_account_topping_up",
                $"The treasury tops {account} up by transaction {topUp.Value}.")
            : topUp.Error;
    }
}
