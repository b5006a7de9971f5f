using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth;

/// <summary>
/// This endpoint is for those who have confirmed a contact: it moves money, costs the platform something, or tells of others. Before
/// that anybody is as many users as he likes.
/// </summary>
internal sealed class ConfirmedOnly
{
    private ConfirmedOnly()
    {
    }

    public static ConfirmedOnly Because { get; } = new();

    /// <summary>What others are answered; as the wallet itself would.</summary>
    public static Problem Refusal { get; } = Problem.Of(new Error(
        ErrorKind.Forbidden, "contact_unconfirmed", "Please confirm your e-mail address or your phone number first."));
}
