using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>A message for which a day's budget is asked.</summary>
/// <param name="Use">What it is for.</param>
/// <param name="Channel">By what it goes.</param>
/// <param name="To">The e-mail address or phone number.</param>
/// <param name="Asker">Whose request it comes from; null where from none.</param>
/// <param name="User">Who is told, of a notice; else null.</param>
/// <param name="Merchant">Whose customer is told; else null.</param>
/// <param name="Session">About which payment session, of the link to a refund; else null.</param>
/// <param name="IsTakenBack">Whether a customer is told that something was taken back: what he is told before that is counted apart.</param>
internal sealed record MessageAsk(
    MessageUse Use, MessageChannel Channel, string To, ClientAddress? Asker = null, UserId? User = null, MerchantId? Merchant = null,
    bool IsTakenBack = false, string? Session = null);
