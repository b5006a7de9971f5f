using StellarPay.Frontdoor.Merchants.Origins;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>
/// Carries out what an administrator decided of a merchant, wherever that is looked at. A repeat finishes what was cut off.
/// </summary>
internal sealed class MerchantDecision(MerchantBook book, MerchantWatch watch, MerchantAccounts accounts)
{
    /// <summary>The merchant as he is then; null where there is none.</summary>
    public async Task<Merchant?> CarryOutAsync(MerchantId merchant, string what, int? tier, CancellationToken cancellationToken)
    {
        await book.DecideAsync(merchant, what, tier, cancellationToken);
        // Here at once; elsewhere within seconds.
        await watch.TakeAsync(merchant.Value, CancellationToken.None);
        if (await book.FindAsync(merchant, user: null, cancellationToken) is not { } decided)
        {
            return null;
        }

        // First the account: whoever opens it meanwhile may know the tier of before.
        await accounts.TryOpenAsync(merchant, decided.Status, decided.Tier, decided: true);
        await accounts.SetTermsAsync(merchant);
        return decided;
    }
}
