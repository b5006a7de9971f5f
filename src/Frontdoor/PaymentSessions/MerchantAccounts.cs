using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>
/// The accounts of merchants on the ledger. One is opened when its merchant becomes active; should that fail, or have come before there
/// were accounts, his first session opens it.
/// </summary>
internal sealed partial class MerchantAccounts(IGrainFactory grains, MerchantOpenings openings, ILogger<MerchantAccounts> logger)
{
    /// <summary>The code of a merchant who has no account yet.</summary>
    public const string Missing = "merchant_not_found";

    /// <summary>A merchant may be active now: has his account opened. It is not his caller's trouble if that cannot be begun.</summary>
    public async Task TryOpenAsync(MerchantId merchant, MerchantStatus status, int tier, bool decided = false)
    {
        if (status != MerchantStatus.Active)
        {
            return;
        }

        try
        {
            await OpenAsync(merchant, tier, decided);
        }
        catch (Exception exception) when (ExceptionProblems.IsPassing(exception))
        {
            LogNotOpened(exception, merchant.Value);
        }
    }

    /// <summary>Has an account opened that was not, of an active merchant.</summary>
    public async Task OpenAsync(MerchantId merchant, int tier, bool decided = false) =>
        await grains.GetGrain<IMerchantGrain>(merchant.Value).OpenAsync(
            merchant, tier, await openings.FindAsync(merchant, decided, CancellationToken.None), CancellationToken.None);

    /// <summary>
    /// Tells the account what was decided of its merchant, as it stands after so many decisions; one that is not open yet has nothing to be
    /// told.
    /// </summary>
    public async Task SetTermsAsync(MerchantId merchant, long decision, MerchantStatus status, int tier) =>
        await grains.GetGrain<IMerchantControl>(merchant.Value).SetTermsAsync(decision, status == MerchantStatus.Suspended, tier);

    /// <summary>The account, which is opened where it was not.</summary>
    public async Task<Result<MerchantView>> FindAsync(MerchantCaller caller)
    {
        var found = await grains.GetGrain<IMerchantGrain>(caller.Merchant.Value).GetAsync(caller.Merchant);
        if (found.Error?.Code == Missing && caller.Status == MerchantStatus.Active)
        {
            await OpenAsync(caller.Merchant, caller.Tier);
            return await grains.GetGrain<IMerchantGrain>(caller.Merchant.Value).GetAsync(caller.Merchant);
        }

        return found;
    }

    [LoggerMessage(5620, LogLevel.Warning, "The account of merchant {Merchant} could not be opened; his first session opens it.")]
    private partial void LogNotOpened(Exception exception, string merchant);
}
