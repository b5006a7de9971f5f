using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.MerchantEvents.Streams;

/// <summary>
/// Whether somebody may still listen. A request is let in once and a stream lasts: what would refuse the request now ends the stream.
/// </summary>
internal sealed class EventStreamGuard(
    ApiKeyCheck keys, MerchantPeople people, EndedSessions ended, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    public async Task<bool> MayGoOnAsync(HttpContext context, MerchantCaller caller, CancellationToken cancellationToken)
    {
        if (caller.User is { } user)
        {
            return context.User.TokenEnd() > business.GetUtcNow()
                && context.User.SessionId() is { } session && !ended.Contains(session)
                && await people.FindAsync(caller.Merchant, user, session, cancellationToken) is { } person
                && person.May(MerchantPermissions.EventsRead);
        }

        return ShownKey.Of(context.Request) is { } shown
            && await keys.ReadAsync(context, shown) is { Refused: null, Caller: { } found }
            && found.May(MerchantPermissions.EventsRead);
    }
}
