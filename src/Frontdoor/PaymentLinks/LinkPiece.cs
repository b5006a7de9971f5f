using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>
/// A piece of a link, taken for a session before that is made, and given back where it was refused. Where nobody knows whether it was made,
/// the session itself says so later: it is there, or it is not.
/// </summary>
internal sealed class LinkPiece(PaymentLinkStore store, PaymentLink link, LinkHolder holder, int tier, DateTimeOffset now) : ISessionClaim
{
    private static readonly Problem Busy = Problem.Of(new Error(
        ErrorKind.Unavailable, "payment_link_busy", "Too many are paying by this payment link just now. Please try again soon.",
        RetryAfter: TimeSpan.FromSeconds(10)));

    public bool IsOfStock => link.Stock is not null;

    public string? Origin => link.Id.Value;

    public async Task<Problem?> TakeAsync(PaymentSessionId session, CancellationToken cancellationToken) =>
        await store.TakeAsync(link.Id, session, holder, tier, now, cancellationToken) switch
        {
            "taken" => null,
            "sold_out" => Refused("payment_link_sold_out", "Nothing is left of what this payment link sells."),
            "over" => Refused("payment_link_over", "This payment link has ended."),
            "too_many" => Refused("payment_link_too_many_unpaid", "Too many pieces were taken from this address and are not paid yet."),
            "busy" => Busy,
            _ => Refused("payment_link_inactive", "This payment link takes no payments."),
        };

    public Task GiveBackAsync(PaymentSessionId session) => store.GiveBackAsync(link.Id, session, CancellationToken.None);

    private static Problem Refused(string code, string message) => Problem.Of(new Error(ErrorKind.Conflict, code, message));
}
