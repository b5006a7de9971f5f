using System.Text.Json;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Merchants.Signing;

/// <summary>
/// Who says whether a business has what moves money signed: an owner who has just shown his second factor.
/// </summary>
internal sealed class SigningDemand(StepUp stepUp, ChangeRateLimit limit, IAuditLog audit)
{
    private static readonly Problem FactorMissing = Problem.Of(new Error(
        ErrorKind.Forbidden, "second_factor_required",
        "Whoever says whether requests must be signed has a second factor, and shows it in his session: set one up at /v1/me/totp or "
        + "/v1/me/passkeys.",
        "require_signed_requests"));

    /// <summary>Why somebody may not say it now; null where he may, and then it is written down that he did.</summary>
    public async Task<Problem?> CheckAsync(bool isDemanded, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        var session = SessionFacts.Of(context);
        var refused = session.HasFactor ? stepUp.Check(session) : FactorMissing;
        refused ??= await limit.TakeAsync(SecurityChange.MerchantKeys, context.User);
        if (refused is null)
        {
            // Before the deed, as what administrators do is.
            await audit.AppendAsync(
                new AuditEntry(
                    context.User.UserId().Value, "merchant.require_signed_requests", caller.Merchant.Value,
                    JsonSerializer.SerializeToElement(new { required = isDemanded }, JsonSerializerOptions.Web)),
                cancellationToken);
        }

        return refused;
    }
}
