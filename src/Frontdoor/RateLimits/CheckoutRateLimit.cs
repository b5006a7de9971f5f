using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Origins;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// How much one address may ask of payers' pages. Counted by each front door for itself, in tables that strangers cannot make grow: what is
/// asked is answered from its memory.
/// </summary>
internal sealed class CheckoutRateLimit(IOptions<RateLimitOptions> options, TimeProvider time)
{
    private const string Key = "key";
    private const string LinkPages = "/pay";

    // A page, its images and its first polls come at once.
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);

    private readonly PlaceTable _all = Table(options.Value.CheckoutPerAddress, time);
    private readonly PlaceTable _sessions = Table(options.Value.PaymentLinksPerAddress, time);
    private readonly PlaceTable _withoutKey = Table(options.Value.CheckoutWithoutKeyPerAddress, time);

    /// <summary>The same for one who makes a session of a payment link, which stays whatever becomes of it.</summary>
    public ValueTask<TimeSpan?> TakeSession(HttpContext context)
    {
        var network = ClientAddress.Of(context).Network;
        // A form of another page makes nothing, and is to use up nobody's right to pay: it is a look at the link.
        return new(_all.Take(network) ?? (OurForms.IsOurs(context.Request) ? _sessions : _withoutKey).Take(network));
    }

    /// <summary>Null if there is room for one more; else how long until there is.</summary>
    public ValueTask<TimeSpan?> Take(HttpContext context)
    {
        var network = ClientAddress.Of(context).Network;
        return new(_all.Take(network) ?? (IsWithoutKey(context.Request) ? _withoutKey.Take(network) : null));
    }

    /// <summary>Whether there is room for a look into the database for a key that a page's address names.</summary>
    public bool TakeLookForKey(HttpContext context) => _withoutKey.Take(ClientAddress.Of(context).Network) is null;

    // A link's page has no secret, whatever its address says.
    private static bool IsWithoutKey(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && (!request.Query.ContainsKey(Key) || request.Path.StartsWithSegments(LinkPages));

    private static PlaceTable Table(int aMinute, TimeProvider time) => new(TimeSpan.FromMinutes(1) / aMinute, Burst, time);
}
