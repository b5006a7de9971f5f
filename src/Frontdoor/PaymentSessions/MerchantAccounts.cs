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
internal sealed partial class MerchantAccounts(
    IGrainFactory grains, MerchantOpenings openings, MerchantTermsReader reader, ILogger<MerchantAccounts> logger)
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
    public async Task OpenAsync(MerchantId merchant, int tier, bool decided = false)
    {
        var terms = await reader.FindAsync(merchant, CancellationToken.None);
        await grains.GetGrain<IMerchantGrain>(merchant.Value).OpenAsync(
            merchant, tier, await openings.FindAsync(merchant, decided, CancellationToken.None), terms?.Excess, CancellationToken.None);
        if (await reader.FindAsync(merchant, CancellationToken.None) != terms)
        {
            // What was decided meanwhile was told to nobody: there was no account yet.
            await SetTermsAsync(merchant);
        }
    }

    /// <summary>
    /// Tells the account what was decided of its merchant, as it stands after so many decisions; one that is not open yet is told when it
    /// is.
    /// </summary>
    public async Task SetTermsAsync(MerchantId merchant)
    {
        if (await reader.FindAsync(merchant, CancellationToken.None) is { } terms)
        {
            await grains.GetGrain<IMerchantControl>(merchant.Value).SetTermsAsync(
                terms.Decision, terms.Status == MerchantStatus.Suspended, terms.Tier, terms.Excess);
        }
    }

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
